/** The schemas of the database that are ours, in the order of the reference. What holds for one holds for all. */
export const schemas: readonly string[] = [
  'ledger',
  'registry',
  'settlement',
  'reporting',
  'treasury',
  'granting',
  'cashback',
  'corporate',
  'clockwork',
]
