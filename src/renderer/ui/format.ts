import { common } from '../../../assets/locales/en/common';

/** Absolute local time with its zone: `23 Nov 2026, 14:05:09 CET`. */
export const formatInstant = (
  instant: string,
  locale: string,
  options: { seconds?: boolean } = {},
): string => {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return instant;
  return new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: 'short',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    ...(options.seconds === false ? {} : { second: '2-digit' as const }),
    hourCycle: 'h23',
    timeZoneName: 'short',
  }).format(date);
};

/** A calendar date without a time: `23 Nov 2026`, independent of the zone. */
export const formatDate = (isoDate: string, locale: string): string => {
  const date = new Date(`${isoDate}T12:00:00Z`);
  if (Number.isNaN(date.getTime())) return isoDate;
  return new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: 'short',
    day: '2-digit',
    timeZone: 'UTC',
  }).format(date);
};

export const formatAge = (instant: string, now: number): string => {
  const seconds = Math.max(0, Math.floor((now - Date.parse(instant)) / 1000));
  if (seconds < 5) return common.age.now;
  if (seconds < 90) return common.age.seconds(seconds);
  if (seconds < 90 * 60) return common.age.minutes(Math.floor(seconds / 60));
  if (seconds < 36 * 3600) return common.age.hours(Math.floor(seconds / 3600));
  return common.age.days(Math.floor(seconds / 86_400));
};

export const formatDuration = (seconds: number): string => {
  if (seconds < 90) return common.duration.seconds(Math.max(1, Math.round(seconds)));
  if (seconds < 90 * 60) return common.duration.minutes(Math.round(seconds / 60));
  const minutes = Math.round(seconds / 60);
  return common.duration.hours(Math.floor(minutes / 60), minutes % 60);
};

export const formatCount = (count: number, locale: string): string =>
  new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).format(count);

export const formatBytes = (bytes: number, locale: string): string => {
  const form = (value: number, unit: string) =>
    `${new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(value)}\u00a0${unit}`;
  if (bytes < 1000) return form(bytes, 'bytes');
  if (bytes < 1_000_000) return form(bytes / 1000, 'kB');
  return form(bytes / 1_000_000, 'MB');
};

/** 40 hex digits in groups of four, `0x` apart: for whatever approves or compares. */
export const groupAddress = (address: string): readonly string[] => address.slice(2).match(/.{1,4}/g) ?? [];

/** First and last six digits. */
export const shortenAddress = (address: string): string => `${address.slice(0, 8)}…${address.slice(-6)}`;
