// What a client makes of each way in which Bedrock can fail: node examples/simulator-faults.mjs
import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { simulate } from 'bedrock-wrapper/simulator';

const FAULTS = [
  { fault: 'error', code: 'ThrottlingException', times: 2 },
  { fault: 'error', code: 'ThrottlingException', times: 3 },
  { fault: 'error', code: 'AccessDeniedException' },
  { fault: 'exception', code: 'ModelStreamErrorException', message: 'The model broke off.', frame: 3 },
  { fault: 'truncate', frame: 3 },
  { fault: 'badChecksum', frame: 3 },
  { fault: 'omit', event: 'messageStop' },
];

const bedrock = await simulate();
const { AWS_REGION: region, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = bedrock.env;
const client = new BedrockRuntimeClient({ endpoint: bedrock.url, region, credentials: { accessKeyId, secretAccessKey } });

/** The program under test: what of the answer arrived, and how it ended. */
async function ask() {
  const messages = [{ role: 'user', content: [{ text: 'Count from 1 to 3.' }] }];
  let text = '';
  let end = 'no stop reason';
  try {
    const { stream } = await client.send(new ConverseStreamCommand({ modelId: 'us.amazon.nova-lite-v1:0', messages }));
    for await (const event of stream) {
      text += event.contentBlockDelta?.delta.text ?? '';
      end = event.messageStop?.stopReason ?? end;
    }
  } catch ({ name }) {
    end = name;
  }
  return `${JSON.stringify(text)}, ${end}`;
}

for (const fault of FAULTS) {
  bedrock.forgetRequests();
  bedrock.addFaults(fault);
  const outcome = await ask();
  console.log(`${fault.fault} ${fault.code ?? fault.event ?? ''}: ${outcome}, requests: ${bedrock.requests.length}`);
  bedrock.clearFaults();
}
client.destroy();
await bedrock.close();
