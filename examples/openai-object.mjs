// The style of the README of bedrock-wrapper 2.x, word for word: an OpenAI object, streamed and not.
import { bedrockWrapper, listBedrockWrapperSupportedModels } from "bedrock-wrapper";

const awsCreds = {
    region: process.env.AWS_REGION,
    accessKeyId: process.env.AWS_ACCESS_KEY_ID,
    secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
};

const messages = [
    { role: "system", content: "You are a helpful AI assistant." },
    { role: "user", content: "What is 6 times 7?" },
];

const openaiChatCompletionsCreateObject = {
    "messages": messages,
    "model": "Llama-3-3-70b",
    "max_tokens": 800,
    "stream": true,
    "temperature": 0.4,
    "top_p": 0.9,
};

// create a variable to hold the complete response
let completeResponse = "";
// invoke the streamed bedrock api response
for await (const chunk of bedrockWrapper(awsCreds, openaiChatCompletionsCreateObject, { logging: true })) {
    completeResponse += chunk;
    // ---------------------------------------------------
    // -- each chunk is streamed as it is received here --
    // ---------------------------------------------------
}
console.log(`\ncompleteResponse:\n${completeResponse}\n`);

openaiChatCompletionsCreateObject.stream = false;
completeResponse = "";
if (!openaiChatCompletionsCreateObject.stream){ // invoke the unstreamed bedrock api response
    const response = await bedrockWrapper(awsCreds, openaiChatCompletionsCreateObject);
    for await (const data of response) {
        completeResponse += data;
    }
    // ----------------------------------------------------
    // -- unstreamed complete response is available here --
    // ----------------------------------------------------
    console.log(`\ncompleteResponse:\n${completeResponse}\n`);
}

const supportedModels = await listBedrockWrapperSupportedModels();
console.log(JSON.parse(supportedModels[0]).modelName);
