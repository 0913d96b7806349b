/** The linking service of card companies over HTTP. Keeps no state of its own. */
export { createCardCompanyClient, type CardCompanyOptions } from './card-company-client.ts'
