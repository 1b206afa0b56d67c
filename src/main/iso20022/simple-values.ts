import { findIbanFault, isBic, isCountryCode, isLei } from '../../shared/model/identifiers';
import type { IssueCode, RawAddress } from '../../shared/model/payment-file';
import { isCurrencyCode } from '../../shared/money/currencies';
import { parseDecimal } from '../../shared/money/decimal';
import type { SimpleType } from './grammar';

export type ValueFault = { readonly code: IssueCode; readonly expected: string | null };

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A day that exists in the Gregorian calendar, `YYYY-MM-DD`. */
export const isIsoDate = (text: string): boolean => {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && isLeap ? 29 : (DAYS[month - 1] ?? 0);
  return year > 0 && day >= 1 && day <= days;
};

const ZONE = '(?:Z|[+-](?:0\\d|1[0-3]):[0-5]\\d|[+-]14:00)?';
const DATE = new RegExp(`^(\\d{4}-\\d{2}-\\d{2})${ZONE}$`);
const DATE_TIME = new RegExp(
  `^(\\d{4}-\\d{2}-\\d{2})T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,12})?|24:00:00(?:\\.0+)?)${ZONE}$`,
);

/** The calendar day of an xs:date or xs:dateTime, or null. A zone is allowed and does not move the day. */
export const readDay = (text: string): string | null => {
  const match = DATE.exec(text) ?? DATE_TIME.exec(text);
  const day = match?.[1];
  return day !== undefined && isIsoDate(day) ? day : null;
};

const isDateOnly = (text: string): boolean => DATE.test(text) && readDay(text) !== null;
const isDateTime = (text: string): boolean => DATE_TIME.test(text) && readDay(text) !== null;

const countCharacters = (text: string): number => {
  let count = text.length;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0xd800 && code <= 0xdbff) count--;
  }
  return count;
};

const checkText = (element: string, max: number, text: string): ValueFault | null => {
  if (text === '') return { code: isIdName(element) ? 'id/missing' : 'value/empty', expected: null };
  if (text.length <= max || countCharacters(text) <= max) return null;
  return {
    code: isIdName(element) ? 'id/too-long' : 'value/too-long',
    expected: `at most ${max} characters`,
  };
};

const isIdName = (element: string): boolean => element.endsWith('Id');

const PATTERN_CODES: Readonly<Record<string, IssueCode>> = {
  IBAN2007Identifier: 'iban/format',
  BICIdentifier: 'bic/format',
  BICFIDec2014Identifier: 'bic/format',
  AnyBICIdentifier: 'bic/format',
  AnyBICDec2014Identifier: 'bic/format',
  LEIIdentifier: 'lei/check-digits',
  UUIDv4Identifier: 'uetr/format',
  CountryCode: 'country/unknown',
  ActiveOrHistoricCurrencyCode: 'currency/unknown',
  Max15NumericText: 'total/count',
};

/** Beyond the pattern: check digits, countries and currencies that exist. */
const checkIdentifier = (type: string, text: string): ValueFault | null => {
  switch (type) {
    case 'IBAN2007Identifier': {
      const fault = findIbanFault(text);
      if (fault === null) return null;
      if (fault === 'check-digits')
        return { code: 'iban/check-digits', expected: 'check digits by ISO 7064 mod 97-10' };
      if (fault === 'country') return { code: 'iban/country', expected: 'a country of the IBAN registry' };
      return {
        code: 'iban/format',
        expected:
          fault === 'format' ? 'capitals and digits' : `length and structure of ${text.slice(0, 2)} IBANs`,
      };
    }
    case 'BICIdentifier':
    case 'BICFIDec2014Identifier':
    case 'AnyBICIdentifier':
    case 'AnyBICDec2014Identifier':
      return isBic(text) ? null : { code: 'bic/format', expected: 'a country code at positions 5 and 6' };
    case 'LEIIdentifier':
      return isLei(text)
        ? null
        : { code: 'lei/check-digits', expected: 'check digits by ISO 7064 mod 97-10' };
    case 'CountryCode':
      return isCountryCode(text) ? null : { code: 'country/unknown', expected: 'ISO 3166-1 alpha-2' };
    case 'ActiveOrHistoricCurrencyCode':
      return isCurrencyCode(text)
        ? null
        : { code: 'currency/unknown', expected: 'an ISO 4217 currency in use' };
    default:
      return null;
  }
};

const DECIMAL_CODES: Readonly<Record<string, IssueCode>> = {
  ActiveOrHistoricCurrencyAndAmount_SimpleType: 'amount/format',
};

const trimZeros = (text: string): string =>
  text.length <= 96 && /^[0-9]+\.[0-9]+$/.test(text) ? text.replace(/\.?0+$/, '') : text;

const checkDecimal = (
  element: string,
  type: Extract<SimpleType, { kind: 'decimal' }>,
  text: string,
): ValueFault | null => {
  const code = DECIMAL_CODES[type.name] ?? (element === 'CtrlSum' ? 'total/sum' : 'value/format');
  if (code === 'amount/format' && /^-[0-9.]+$/.test(text))
    return { code: 'amount/not-positive', expected: 'more than zero' };
  // The schema counts digits of the value: zeros at either end are not digits of it.
  const value = trimZeros(text);
  const parsed = parseDecimal(value, { maxDecimals: type.fractionDigits });
  const digits = value.replace(/^0+(?=\d)/, '').replace('.', '').length;
  if (parsed.ok && digits <= type.totalDigits) return null;
  return {
    code,
    expected: `digits and a point; at most ${type.totalDigits} digits, ${type.fractionDigits} after the point`,
  };
};

/**
 * Checks a simple value by its ISO 20022 type. Stricter than the schema in two ways: check digits, countries and
 * currencies must be right, and a decimal has one form (no sign, no bare point).
 */
export const checkSimpleValue = (element: string, type: SimpleType, text: string): ValueFault | null => {
  switch (type.kind) {
    case 'text':
      return checkText(element, type.max, text);
    case 'pattern':
      if (type.pattern.test(text)) return checkIdentifier(type.name, text);
      return {
        code: text === '' && isIdName(element) ? 'id/missing' : (PATTERN_CODES[type.name] ?? 'value/format'),
        expected: type.source,
      };
    case 'list':
      return type.values.has(text)
        ? null
        : { code: 'value/not-in-list', expected: [...type.values].join(', ') };
    case 'decimal':
      return checkDecimal(element, type, text);
    case 'date':
      return isDateOnly(text) ? null : { code: 'date/invalid', expected: 'a day as YYYY-MM-DD' };
    case 'dateTime':
      return isDateTime(text)
        ? null
        : { code: 'date/invalid', expected: 'a moment as YYYY-MM-DDThh:mm:ss, with or without zone' };
    case 'boolean':
      return /^(?:true|false|0|1)$/.test(text) ? null : { code: 'value/format', expected: 'true or false' };
    case 'year':
      return /^\d{4}$/.test(text) ? null : { code: 'value/format', expected: 'a year as YYYY' };
    case 'base64':
      return /^[A-Za-z0-9+/=\s]+$/.test(text) && text.length <= 16_384
        ? null
        : { code: 'value/format', expected: 'base64' };
  }
};

/**
 * What an address lacks, `null` where nothing. Since November 2026 CBPR+ takes no address without town and country in
 * their own elements; a country alone is no address, and SEPA files carry it so.
 */
export const addressFault = (
  address: RawAddress,
): { readonly code: IssueCode; readonly value: string; readonly expected: string } | null => {
  const { department, street, buildingNumber, postCode, town, subdivision, country, lines } = address;
  if (town !== null && country !== null) return null;
  if (lines.length > 0)
    return { code: 'address/unstructured', value: lines.join(', '), expected: 'TwnNm and Ctry' };
  const own = [department, street, buildingNumber, postCode, town, subdivision].filter(
    (part) => part !== null,
  );
  if (own.length === 0) return null;
  return {
    code: 'address/incomplete',
    value: [...own, ...(country === null ? [] : [country])].join(', '),
    expected: town === null ? 'TwnNm and Ctry' : 'Ctry',
  };
};
