// What `kivyx publish` in CI reads: the same bucket as the Worker's, through R2's S3 API.
import { S3Client } from '@aws-sdk/client-s3';
import { defineConfig, type KivyxConfig } from '@kivyx-ota/cli';
import { s3Storage } from '@kivyx-ota/storage-s3';

const { R2_ACCESS_KEY_ID = '', R2_ENDPOINT = '', R2_SECRET_ACCESS_KEY = '' } = process.env;

const config: KivyxConfig = defineConfig({
  app: 'cafe',
  platform: 'android',
  project: 'acme',
  storage: s3Storage({
    bucket: 'acme-ota',
    client: new S3Client({
      credentials: { accessKeyId: R2_ACCESS_KEY_ID, secretAccessKey: R2_SECRET_ACCESS_KEY },
      endpoint: R2_ENDPOINT,
      forcePathStyle: true,
      region: 'auto',
      requestChecksumCalculation: 'WHEN_REQUIRED',
    }),
  }),
});
export default config;
