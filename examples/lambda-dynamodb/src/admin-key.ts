// `OTA_TABLE=… pnpm --filter example-lambda-dynamodb admin-key -- <label> <scope>…`: makes an API key and prints it once. Region and
// credentials are found as the AWS command line finds them; they must be allowed to read and write items of the table.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamodbDatabase } from '@kivyx-ota/database-dynamodb';
import { type ApiKeyGrant, createApiKey } from '@kivyx-ota/server';

const [label = '', ...scopes] = process.argv.slice(2).filter((word) => word !== '--');
const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
try {
  const tableName = process.env['OTA_TABLE'];
  if (tableName === undefined) throw new Error('OTA_TABLE is not set: the DynamoDB table');
  const database = dynamodbDatabase({ client, clock: { nowMs: Date.now }, tableName });
  const grant = { label, scopes: scopes as ApiKeyGrant['scopes'] };
  const { key } = await createApiKey(database, grant, { actor: 'admin-key', nowMs: Date.now() });
  console.log(key);
} catch (error) {
  console.error(`${(error as Error).message}\nUsage: admin-key <label> <scope>…`);
  process.exitCode = 2;
} finally {
  client.destroy();
}
