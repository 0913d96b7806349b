/** Screens around the voucher: cards, presents, refunds, rights. Each is fetched when it is first opened. */
import { lazy } from 'react'
import type { ScreenRoute } from './screens.ts'
import './further.css'

export const furtherScreens: readonly ScreenRoute[] = [
  {
    path: '/app/:issuer/cards',
    screen: lazy(async () => ({ default: (await import('./cards-screen.tsx')).CardsScreen })),
  },
  {
    path: '/app/:issuer/cards/new',
    screen: lazy(async () => ({
      default: (await import('./card-link-screen.tsx')).CardLinkScreen,
    })),
  },
  {
    path: '/app/:issuer/cards/:card',
    screen: lazy(async () => ({ default: (await import('./card-screen.tsx')).CardScreen })),
  },
  {
    path: '/app/:issuer/refund',
    screen: lazy(async () => ({ default: (await import('./refund-screen.tsx')).RefundScreen })),
  },
  {
    path: '/app/:issuer/refund/:lot',
    screen: lazy(async () => ({
      default: (await import('./refund-lot-screen.tsx')).RefundLotScreen,
    })),
  },
  {
    path: '/app/notices',
    screen: lazy(async () => ({ default: (await import('./notices-screen.tsx')).NoticesScreen })),
  },
  {
    path: '/app/lost',
    screen: lazy(async () => ({ default: (await import('./lost-screen.tsx')).LostScreen })),
  },
  {
    path: '/app/:issuer/gifts',
    screen: lazy(async () => ({ default: (await import('./gifts-screen.tsx')).GiftsScreen })),
  },
  {
    path: '/app/:issuer/gifts/new',
    screen: lazy(async () => ({ default: (await import('./gift-new-screen.tsx')).GiftNewScreen })),
  },
  {
    path: '/app/:issuer/virtual-accounts',
    screen: lazy(async () => ({
      default: (await import('./virtual-accounts-screen.tsx')).VirtualAccountsScreen,
    })),
  },
  {
    path: '/app/:issuer/virtual-accounts/:purchase',
    screen: lazy(async () => ({
      default: (await import('./virtual-account-screen.tsx')).VirtualAccountScreen,
    })),
  },
  {
    path: '/app/:issuer/top-ups',
    screen: lazy(async () => ({ default: (await import('./top-ups-screen.tsx')).TopUpsScreen })),
  },
  {
    path: '/app/:issuer/top-ups/new',
    screen: lazy(async () => ({
      default: (await import('./top-up-new-screen.tsx')).TopUpNewScreen,
    })),
  },
  {
    path: '/app/:issuer/cashback',
    screen: lazy(async () => ({ default: (await import('./cashback-screen.tsx')).CashbackScreen })),
  },
  {
    path: '/app/:issuer/reports',
    screen: lazy(async () => ({ default: (await import('./reports-screen.tsx')).ReportsScreen })),
  },
  {
    path: '/app/:issuer/reports/new',
    screen: lazy(async () => ({
      default: (await import('./report-new-screen.tsx')).ReportNewScreen,
    })),
  },
  {
    path: '/app/:issuer/reports/:case',
    screen: lazy(async () => ({ default: (await import('./report-screen.tsx')).ReportScreen })),
  },
  {
    path: '/app/:issuer/shops',
    screen: lazy(async () => ({ default: (await import('./shops-screen.tsx')).ShopsScreen })),
  },
  {
    path: '/app/:issuer/stipends',
    screen: lazy(async () => ({ default: (await import('./stipends-screen.tsx')).StipendsScreen })),
  },
  {
    path: '/app/:issuer/tax',
    screen: lazy(async () => ({ default: (await import('./tax-screen.tsx')).TaxScreen })),
  },
  {
    path: '/app/:issuer/my-data',
    screen: lazy(async () => ({ default: (await import('./my-data-screen.tsx')).MyDataScreen })),
  },
  {
    path: '/app/:issuer/corporations',
    screen: lazy(async () => ({
      default: (await import('./corporations-screen.tsx')).CorporationsScreen,
    })),
  },
  {
    path: '/app/:issuer/corporations/:corporation',
    screen: lazy(async () => ({
      default: (await import('./corporation-screen.tsx')).CorporationScreen,
    })),
  },
]
