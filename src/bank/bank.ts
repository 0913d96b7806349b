/** The bank port over HTTP: orders debits and asks what became of them. Keeps no state of its own. */
export { createBankClient, type BankClient, type BankClientOptions } from './bank-client.ts'
export { createAccountHolders, type AccountHolderClient } from './account-holders.ts'
export { createVirtualAccounts, type VirtualAccountClient } from './virtual-accounts.ts'
