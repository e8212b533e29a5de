import type { ScaleFit } from './fitScale.ts';
import type { Kind } from './samples.ts';

/**
 * What holds of daily series in general: the coefficients that the fit of a series is drawn to, and that answer for one of which next to
 * nothing is known. Four stocks and indices and two crypto-currencies (AAPL, MSFT, S&P 500, PETR4.SA, BTC-USD, ETH-USD), of each the days
 * before its evaluation begins (the first 70 %), 1,500 windows of each at most; printed by `npm run bench -- flock` (2026-11-21).
 * An element for each of `KNOTS`; places as in `BAR_REGRESSORS`.
 */
export const FLOCK: Readonly<Record<Kind, readonly ScaleFit[]>> = {
  closes: [
    {
      coefficients: [0.2277, -0.0598, 0.4658, -0.4117, 0.5114, 0.0125, 0.0014, -0.3559, 0.2918, -0.2781],
      location: 0,
      dof: 3.7818,
    },
    {
      coefficients: [0.242, -0.001, 0.1666, -0.2117, 0.6119, 0.0466, 0.0198, -0.0628, -0.0784, -0.457],
      location: 0,
      dof: 4.6653,
    },
    {
      coefficients: [0.188, 0.0709, 0.0504, 0.086, 0.3358, 0.038, 0.011, 0.0085, -0.0759, -0.675],
      location: 0,
      dof: 4.7086,
    },
    {
      coefficients: [0.096, 0.0148, -0.0499, 0.138, 0.1807, 0.0312, -0.0007, -0.0105, 0.0826, -0.749],
      location: 0,
      dof: 6.2186,
    },
  ],
  bars: [
    {
      coefficients: [
        0.2241, -0.0967, 0.1595, -0.1449, 0.6049, -0.0371, -0.0199, -0.2916, 0.0568, -0.2607, -0.0172, 0.0803, 0.338,
        -0.2255, 0.3023, 0.0511,
      ],
      location: 0,
      dof: 3.9882,
    },
    {
      coefficients: [
        0.2416, -0.0508, 0.019, -0.1031, 0.6819, 0.0476, 0.0227, -0.0327, -0.2213, -0.4494, -0.0256, 0.054, 0.1388,
        -0.0314, 0.1323, 0.14,
      ],
      location: 0,
      dof: 4.7751,
    },
    {
      coefficients: [
        0.1959, -0.0003, 0.0089, 0.107, 0.4192, 0.0152, 0.0052, -0.003, -0.1352, -0.6845, 0.0106, 0.0883, -0.091,
        -0.0878, 0.1006, 0.1054,
      ],
      location: 0,
      dof: 4.8787,
    },
    {
      coefficients: [
        0.0922, 0.0242, -0.0324, 0.1294, 0.2346, 0.0284, -0.0003, -0.0309, 0.078, -0.7712, -0.0192, 0.0043, -0.1579,
        -0.0724, 0.0163, 0.0644,
      ],
      location: 0,
      dof: 6.4682,
    },
  ],
};
