import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { S3Client } from '@aws-sdk/client-s3';
import { dynamodbDatabase } from '@kivyx-ota/database-dynamodb';
import { createOtaServer, type OtaServer } from '@kivyx-ota/server';
import { awsKmsSigner } from '@kivyx-ota/signer-aws-kms';
import { s3Storage } from '@kivyx-ota/storage-s3';
import { Hono } from 'hono';
import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda';
import type { Settings } from './settings.ts';

/** Clients of the services; made once per container. */
export interface Services {
  readonly documents: DynamoDBDocumentClient;
  readonly kms: KMSClient;
  readonly s3: S3Client;
}

/** The control plane over them. Reads the public key once: a container that has the wrong key answers nothing. */
export async function createControlPlane(
  settings: Settings,
  { documents, kms, s3 }: Services,
): Promise<OtaServer> {
  return createOtaServer({
    database: dynamodbDatabase({
      client: documents,
      clock: { nowMs: Date.now },
      tableName: settings.tableName,
    }),
    deviceSecret: settings.deviceSecret,
    epoch: settings.epoch,
    onError: (error) => console.error(error),
    ...(settings.guardrail === undefined
      ? {}
      : {
          guardrail: {
            // A line that the alarm of terraform/alarms.tf counts.
            onPause: ({ judgement, release, scope }) =>
              console.warn(
                JSON.stringify({
                  app: scope.app,
                  channel: scope.channel,
                  event: 'guardrail-pause',
                  exposed: judgement.exposed,
                  failed: judgement.failed,
                  platform: scope.platform,
                  version: release.version,
                }),
              ),
            policy: settings.guardrail,
          },
        }),
    project: settings.project,
    releaseKeys: settings.releaseKeyPems,
    signer: await awsKmsSigner({
      client: kms,
      expectedPublicKey: settings.indexPublicKeyPem,
      keyId: settings.indexKeyId,
    }),
    storage: s3Storage({ bucket: settings.bucket, client: s3 }),
  });
}

/** What API Gateway (HTTP API, payload 2.0) or a function URL calls. */
export function lambdaHandler(
  server: Pick<OtaServer, 'handle'>,
): (event: LambdaEvent, context?: LambdaContext) => Promise<unknown> {
  const app = new Hono<{ Bindings: { event?: { requestContext?: { http?: { sourceIp?: string } } } } }>();
  app.all('*', (c) => {
    // API Gateway's own word about the peer, not a header that anybody can send.
    const address = c.env.event?.requestContext?.http?.sourceIp;
    return server.handle(c.req.raw, address === undefined ? {} : { address });
  });
  return handle(app);
}
