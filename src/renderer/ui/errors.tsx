import { createContext, useContext } from 'react';
import type { ErrorCode, ErrorDetails } from '../../shared/errors';

/** An error in words: what happened, what it means for the money, what to do. */
export type ErrorWords = {
  readonly code: ErrorCode;
  readonly title: string;
  readonly meaning: string;
  readonly action: string;
  readonly details: ErrorDetails;
  /** Where the log holds the cause, for `internal`. */
  readonly incident: string | null;
};

export type DescribeError = (error: unknown) => ErrorWords;

const ErrorWordsContext = createContext<DescribeError | null>(null);

/** app/ provides the words, so that ui and features need no list of codes. */
export const ErrorWordsProvider = ErrorWordsContext.Provider;

export const useErrorWords = (): DescribeError => {
  const describe = useContext(ErrorWordsContext);
  if (!describe) throw new Error('ErrorWordsProvider is missing');
  return describe;
};
