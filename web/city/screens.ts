/** The screens beyond the first, by what follows the issuer in the address: each is fetched when it is first opened. */
import { lazy, type ComponentType } from 'react'

export interface ScreenRoute {
  /** As wouter matches it, after the issuer. */
  readonly path: string
  readonly screen: ComponentType
}

export const screens: readonly ScreenRoute[] = [
  {
    path: 'programs',
    screen: lazy(async () => ({ default: (await import('./programs-screen.tsx')).ProgramsScreen })),
  },
  {
    path: 'programs/new',
    screen: lazy(async () => ({
      default: (await import('./new-program-screen.tsx')).NewProgramScreen,
    })),
  },
  {
    path: 'programs/:programId',
    screen: lazy(async () => ({ default: (await import('./program-screen.tsx')).ProgramScreen })),
  },
  {
    path: 'programs/:programId/change',
    screen: lazy(async () => ({
      default: (await import('./change-terms-screen.tsx')).ChangeTermsScreen,
    })),
  },
  {
    path: 'proposals',
    screen: lazy(async () => ({
      default: (await import('./proposals-screen.tsx')).ProposalsScreen,
    })),
  },
  {
    path: 'proposals/:proposalId',
    screen: lazy(async () => ({ default: (await import('./proposal-screen.tsx')).ProposalScreen })),
  },
  {
    path: 'stipends',
    screen: lazy(async () => ({ default: (await import('./stipends-screen.tsx')).StipendsScreen })),
  },
  {
    path: 'stipends/new',
    screen: lazy(async () => ({
      default: (await import('./stipend-upload-screen.tsx')).StipendUploadScreen,
    })),
  },
  {
    path: 'stipends/:batchId',
    screen: lazy(async () => ({
      default: (await import('./stipend-batch-screen.tsx')).StipendBatchScreen,
    })),
  },
  {
    path: 'merchants',
    screen: lazy(async () => ({
      default: (await import('./merchants-screen.tsx')).MerchantsScreen,
    })),
  },
  {
    path: 'merchants/:merchantId',
    screen: lazy(async () => ({ default: (await import('./merchant-screen.tsx')).MerchantScreen })),
  },
  {
    path: 'cases',
    screen: lazy(async () => ({ default: (await import('./cases-screen.tsx')).CasesScreen })),
  },
  {
    path: 'cases/:caseId',
    screen: lazy(async () => ({ default: (await import('./case-screen.tsx')).CaseScreen })),
  },
  {
    path: 'money',
    screen: lazy(async () => ({ default: (await import('./money-screen.tsx')).MoneyScreen })),
  },
  {
    path: 'members',
    screen: lazy(async () => ({ default: (await import('./members-screen.tsx')).MembersScreen })),
  },
  {
    path: 'records',
    screen: lazy(async () => ({ default: (await import('./records-screen.tsx')).RecordsScreen })),
  },
]
