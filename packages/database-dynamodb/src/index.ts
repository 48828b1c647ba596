export { dynamodbDatabase, type DynamodbDatabaseOptions } from './dynamodb-database.ts';
export { dynamodbTable, type Expiry } from './table.ts';
