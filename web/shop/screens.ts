/** The screens beyond the first, by their addresses: each is fetched when it is first opened. */
import { lazy, type ComponentType } from 'react'
import { TillScreen } from './till-screen.tsx'

export interface ScreenRoute {
  /** As wouter matches it; of a shop's screens what follows the shop. */
  readonly path: string
  readonly screen: ComponentType
}

export const shopScreens: readonly ScreenRoute[] = [
  { path: 'till', screen: TillScreen },
  {
    path: 'sales',
    screen: lazy(async () => ({ default: (await import('./sales-screen.tsx')).SalesScreen })),
  },
  {
    path: 'sales/:paymentId',
    screen: lazy(async () => ({ default: (await import('./sale-screen.tsx')).SaleScreen })),
  },
  {
    path: 'settlement',
    screen: lazy(async () => ({
      default: (await import('./settlement-screen.tsx')).SettlementScreen,
    })),
  },
  {
    path: 'settlement/account',
    screen: lazy(async () => ({ default: (await import('./account-screen.tsx')).AccountScreen })),
  },
  {
    path: 'settlement/statements',
    screen: lazy(async () => ({
      default: (await import('./statements-screen.tsx')).StatementsScreen,
    })),
  },
  {
    path: 'settlement/revenue',
    screen: lazy(async () => ({ default: (await import('./revenue-screen.tsx')).RevenueScreen })),
  },
  {
    path: 'settlement/:settlementDay',
    screen: lazy(async () => ({
      default: (await import('./settlement-day-screen.tsx')).SettlementDayScreen,
    })),
  },
  {
    path: 'shop',
    screen: lazy(async () => ({ default: (await import('./shop-screen.tsx')).ShopScreen })),
  },
  {
    path: 'shop/outlets',
    screen: lazy(async () => ({ default: (await import('./outlets-screen.tsx')).OutletsScreen })),
  },
  {
    path: 'shop/clerks',
    screen: lazy(async () => ({ default: (await import('./clerks-screen.tsx')).ClerksScreen })),
  },
  {
    path: 'shop/registration',
    screen: lazy(async () => ({
      default: (await import('./registration-screen.tsx')).RegistrationScreen,
    })),
  },
  {
    path: 'shop/notices',
    screen: lazy(async () => ({ default: (await import('./notices-screen.tsx')).NoticesScreen })),
  },
  {
    path: 'shop/reports',
    screen: lazy(async () => ({ default: (await import('./reports-screen.tsx')).ReportsScreen })),
  },
  {
    path: 'shop/reports/new',
    screen: lazy(async () => ({ default: (await import('./reports-screen.tsx')).NewReportScreen })),
  },
  {
    path: 'shop/reports/:caseId',
    screen: lazy(async () => ({ default: (await import('./report-screen.tsx')).ReportScreen })),
  },
]

export const personalScreens: readonly ScreenRoute[] = [
  {
    path: '/apply',
    screen: lazy(async () => ({ default: (await import('./apply-screen.tsx')).ApplyScreen })),
  },
  {
    path: '/clerk-code',
    screen: lazy(async () => ({
      default: (await import('./clerk-code-screen.tsx')).ClerkCodeScreen,
    })),
  },
]
