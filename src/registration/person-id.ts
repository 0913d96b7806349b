/** Names of human beings as identity providers give them. */

/** `/` would run into the rest of a natural key. */
const PERSON_ID = /^[A-Za-z0-9._:@-]{1,100}$/

/** True for a name that may stand in a natural key. */
export function isPersonId(text: string): boolean {
  return PERSON_ID.test(text)
}
