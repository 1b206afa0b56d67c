/**
 * The cash position: a valued total, balances by currency, bank and account, their history.
 *
 * Hides grouping and the geometry of the charts. Invariants: balances are main's to the last digit; what is worked out
 * here (shares, chart heights) is for looking at and marked as an estimate. Called from app/routes.
 */
export { PositionScreen } from './PositionScreen';
