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
        0.2257, -0.0814, 0.1056, -0.1995, 0.6706, -0.0213, -0.0167, -0.2521, 0.0561, -0.2714, -0.0749, 0.184, 0.3017,
        -0.288, 0.3129, 0.0092,
      ],
      location: 0,
      dof: 4.1083,
    },
    {
      coefficients: [
        0.2154, -0.0115, -0.026, -0.1307, 0.6419, 0.0351, 0.0219, -0.0344, -0.1894, -0.4858, 0.0065, 0.0177, 0.1475,
        -0.0597, 0.1138, 0.1328,
      ],
      location: 0,
      dof: 4.8935,
    },
    {
      coefficients: [
        0.1435, -0.0148, 0.0281, 0.099, 0.3627, -0.0069, -0.0073, -0.0143, -0.1268, -0.7329, 0.0142, 0.0599, -0.0775,
        -0.0532, 0.1134, 0.1141,
      ],
      location: 0,
      dof: 5.044,
    },
    {
      coefficients: [
        0.0372, 0.0343, -0.0237, 0.1178, 0.2071, -0.0008, -0.0183, -0.0247, 0.0953, -0.8622, -0.0062, -0.0079, -0.1544,
        -0.0503, 0.0086, 0.0777,
      ],
      location: 0,
      dof: 7.2188,
    },
  ],
};
