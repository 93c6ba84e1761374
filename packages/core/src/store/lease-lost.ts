const LOST = "lease_lost";
const BEFORE = `${LOST}; before: `;

/**
 * The error of a row whose lease has run out, made of the error that the row had. What an earlier
 * attempt threw stays readable in it.
 */
export function toLeaseLost(error: string | null | undefined): string {
  if (error == null) return LOST;
  return isLeaseLost(error) ? error : BEFORE + error;
}

/** True for an error that `toLeaseLost` has made: the last attempt did not end. */
export const isLeaseLost = (error: string | null | undefined): boolean =>
  error === LOST || error?.startsWith(BEFORE) === true;
