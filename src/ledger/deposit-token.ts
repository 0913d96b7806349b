/** Stands for the account of a purchase that is paid by a deposit; its space keeps it apart from every bank's token. */
export const DEPOSIT_TOKEN = 'virtual account'
