// The entry of the function: clients from the function's role and region, everything else from its environment.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createControlPlane, lambdaHandler } from './create-handler.ts';
import { readSettings } from './settings.ts';

const server = await createControlPlane(readSettings(process.env), {
  documents: DynamoDBDocumentClient.from(new DynamoDBClient({})),
  kms: new KMSClient({}),
  s3: new S3Client({}),
});

export const handler = lambdaHandler(server);
