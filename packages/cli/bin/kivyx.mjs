#!/usr/bin/env node
import { main } from '@kivyx-ota/cli/main';

process.exitCode = await main(process.argv);
