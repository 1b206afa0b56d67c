/**
 * The counterparty book: list, detail beside, form, enrolment, directory files.
 *
 * Hides the form's draft and how errors of main find their field. Invariants: addresses are checked by main alone; a
 * warning about a look-alike stays until a person says that they compared. Called from app/routes.
 */
export { CounterpartiesScreen } from './CounterpartiesScreen';
