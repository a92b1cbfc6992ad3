// The types of `bedrock-wrapper/gateway`, used as a program would.
import { serve, type Gateway, type GatewayKey, type GatewayOptions } from 'bedrock-wrapper/gateway';

const key: GatewayKey = { id: 'ann', key: 'sk-1', models: ['nova-*'], requestsPerMinute: 60, budgetPeriod: 'day' };
const options: GatewayOptions = { port: 0, host: '127.0.0.1', simulate: true, pingSeconds: 1.5, apiKeys: ['sk-2'], keys: [key], region: null };
const gateway: Gateway = await serve(options);
const urls: string[] = [gateway.url, gateway.baseURL, gateway.simulatorUrl ?? ''];
await gateway.reload({ ...options, prices: { 'amazon.nova-*': { input: 0.035, output: 0.14 } } });
await gateway.unref().ref().close();

// @ts-expect-error: there is no such setting
await serve({ prot: 8080 });
// @ts-expect-error: seconds are numbers
await serve({ pingSeconds: '1s' });
// @ts-expect-error: whether there is a simulator is told with true or false
await serve({ simulate: 'yes' });

export { urls };
