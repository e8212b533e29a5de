/** 1 - MSE / MSE of the naive forecast: above 0 the forecast is the better one. Null when naive made no error at all. */
export function skill(mse: number, naiveMse: number): number | null {
  return naiveMse > 0 ? 1 - mse / naiveMse : null;
}
