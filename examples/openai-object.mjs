// The style of bedrock-wrapper 2.x: keys from variables, an OpenAI object, streamed and not, the list of models.
import { bedrockWrapper, listBedrockWrapperSupportedModels } from "bedrock-wrapper";

const awsCreds = {
    region: process.env.AWS_REGION,
    accessKeyId: process.env.AWS_ACCESS_KEY_ID,
    secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
};

const messages = [
    { role: "system", content: "You are a helpful assistant." },
    { role: "user", content: "What is 6 times 7?" },
    { role: "assistant", content: "" },
];

const openaiChatCompletionsCreateObject = {
    "messages": messages,
    "model": "Llama-3-3-70b",
    "max_tokens": 800,
    "stream": true,
    "temperature": 0.4,
    "top_p": 0.9,
};

let completeResponse = "";
for await (const chunk of bedrockWrapper(awsCreds, openaiChatCompletionsCreateObject, { logging: true })) {
    completeResponse += chunk;
}
console.log(`\ncompleteResponse:\n${completeResponse}\n`);

openaiChatCompletionsCreateObject.stream = false;
completeResponse = "";
const response = await bedrockWrapper(awsCreds, openaiChatCompletionsCreateObject);
for await (const data of response) {
    completeResponse += data;
}
console.log(`\ncompleteResponse:\n${completeResponse}\n`);

const supportedModels = await listBedrockWrapperSupportedModels();
console.log(JSON.parse(supportedModels[0]).modelName);
