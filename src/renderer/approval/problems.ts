import { approval } from '../../../assets/locales/en/approval';
import { AppError } from '../../shared/errors';

export const codeOf = (error: unknown): string => (error instanceof AppError ? error.code : 'internal');

/** An error of an answer in words: what it means for the money, and how long to wait where that is asked. */
export const putInWords = (error: unknown): string => {
  const words = approval.errors[codeOf(error)] ?? approval.unknownError(codeOf(error));
  const waitMs = error instanceof AppError ? Number(error.details?.['waitMs'] ?? 0) : 0;
  return waitMs > 0 ? `${words} ${approval.wait(Math.ceil(waitMs / 1000))}` : words;
};
