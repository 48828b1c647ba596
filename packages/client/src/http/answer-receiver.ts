import { isOtaError } from '@kivyx-ota/core';
import { clientError } from '../error.ts';
import type { HttpHead, HttpRequest, HttpResponse } from '../ports.ts';

/** What takes an answer for a request, part by part. */
export interface AnswerReceiver {
  head(head: HttpHead): Promise<void>;
  /** Plain bytes, in order. */
  chunk(bytes: Uint8Array): Promise<void>;
  /** When all of it is here. */
  end(): HttpResponse;
  /** What the request rejects with, after anything went wrong. */
  errorOf(cause: unknown): unknown;
}

/**
 * For those who write an {@link HttpPort}: gives the head and the chunks of one answer to the caller or collects them, holds
 * `maxSizeBytes` and `signal`, and keeps apart what the caller's own functions throw, which is no fault of the network and comes out as it
 * is (clauses 1, 5, 6, 7 and 11).
 *
 * @throws ERR_CLIENT_ABORTED, ERR_CLIENT_TOO_LARGE from `chunk`
 */
export function answerReceiver({ maxSizeBytes, onChunk, onHead, signal, url }: HttpRequest): AnswerReceiver {
  const chunks: Uint8Array[] = [];
  let answered: HttpHead | undefined;
  let sizeBytes = 0;
  let callers: { readonly error: unknown } | undefined;
  const ask = async (work: () => Promise<void> | void): Promise<void> => {
    try {
      await work();
    } catch (error) {
      callers = { error };
      throw error;
    }
  };
  return {
    chunk: async (bytes) => {
      if (signal?.aborted === true) throw clientError('ERR_CLIENT_ABORTED', 'Stopped by the caller');
      sizeBytes += bytes.length;
      if (sizeBytes > maxSizeBytes)
        throw clientError('ERR_CLIENT_TOO_LARGE', `${url} sends more than ${maxSizeBytes} bytes`);
      if (onChunk === undefined) chunks.push(bytes);
      else await ask(() => onChunk(bytes));
    },
    end: () => ({ ...(answered as HttpHead), body: join(chunks) }),
    errorOf: (cause) => {
      if (callers !== undefined) return callers.error;
      if (isOtaError(cause)) return cause;
      return clientError('ERR_CLIENT_NETWORK', `No whole answer from ${url}`, { cause, retryable: true });
    },
    head: async (head) => {
      answered = head;
      await ask(() => onHead?.(head));
    },
  };
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(chunks.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}
