import type { FastifyRequest } from 'fastify';
import { ShepherdError } from '../../core/errors.ts';

/** A multipart request: its file, and its other fields by name (text, or read already where a part says that it is JSON). */
export interface UploadedForm {
  readonly file: { readonly field: string; readonly content: Buffer; readonly name: string } | undefined;
  readonly fields: ReadonlyMap<string, unknown>;
}

const TOO_MANY: readonly string[] = ['FST_PARTS_LIMIT', 'FST_FIELDS_LIMIT', 'FST_FILES_LIMIT'];
const LONGEST_NAME = 60;

/**
 * Reads a multipart request whole.
 * @throws ShepherdError INVALID_INPUT where it is broken; where it is too large the framework's own error.
 */
export async function readForm(request: FastifyRequest): Promise<UploadedForm> {
  let file: UploadedForm['file'];
  const fields = new Map<string, unknown>();
  try {
    for await (const part of request.parts()) {
      if (part.type === 'file') {
        file = { field: part.fieldname, content: await part.toBuffer(), name: part.filename.slice(0, LONGEST_NAME) };
      } else fields.set(part.fieldname, part.value);
    }
  } catch (error) {
    const refusal = error as { statusCode?: number; code?: string }; // the plugin's errors carry these, the parser's own do not
    if (TOO_MANY.includes(refusal.code ?? '')) {
      throw new ShepherdError('INVALID_INPUT', 'The form has more parts than any request here takes; send fewer.');
    }
    if (refusal.statusCode === 413) throw error;
    throw new ShepherdError(
      'INVALID_INPUT',
      'The multipart body is broken; send it as `curl -F file=@prices.csv` does.',
      { cause: error },
    );
  }
  return { file, fields };
}

/** @param example of the command that sends one. @throws ShepherdError INVALID_INPUT where the request is not a multipart form. */
export function requireMultipart(request: FastifyRequest, example: string): void {
  if (request.isMultipart()) return;
  throw new ShepherdError('INVALID_INPUT', `Send the CSV as multipart form data, for example: ${example}`);
}
