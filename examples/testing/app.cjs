// The program under test: it asks a model, and says so when the answer broke off.

const { BedrockRuntimeClient, ConverseStreamCommand } = require('@aws-sdk/client-bedrock-runtime');

exports.ask = async function ask(question) {
  const client = new BedrockRuntimeClient();
  const messages = [{ role: 'user', content: [{ text: question }] }];
  const { stream } = await client.send(new ConverseStreamCommand({ modelId: 'us.amazon.nova-micro-v1:0', messages }));
  let answer = '';
  let stopReason;
  for await (const { contentBlockDelta, messageStop } of stream) {
    answer += contentBlockDelta?.delta.text ?? '';
    stopReason ??= messageStop?.stopReason;
  }
  client.destroy();
  if (stopReason === undefined) throw new Error('The answer broke off.');
  return answer;
};
