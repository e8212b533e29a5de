"""The Keras recipe that forecasting systems of this kind begin with, for `train-run`: min-max scaled closes, sliding windows of 60,
two LSTM layers of 50, dropout .2, a dense layer, mean squared error, batches of 32, 50 epochs. Answers each line {closes, days, epochs} with
{"seconds", "forecasts"}: after so many of the epochs, and the next close as forecast after each close from number `days` on.
"""

import json
import sys
import time

import numpy
import tensorflow as tf

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)
WINDOW = 60


def run(closes, days, epochs):
    tf.keras.utils.set_random_seed(1)
    start = time.perf_counter()
    closes = numpy.array(closes)
    low, high = closes[:days].min(), closes[:days].max()
    scaled = ((closes - low) / (high - low)).astype("float32")
    windows = numpy.lib.stride_tricks.sliding_window_view(scaled, WINDOW)[..., None]
    layers = tf.keras.layers
    model = tf.keras.Sequential(
        [
            layers.Input((WINDOW, 1)),
            layers.LSTM(50, return_sequences=True),
            layers.Dropout(0.2),
            layers.LSTM(50),
            layers.Dropout(0.2),
            layers.Dense(1),
        ]
    )
    model.compile(optimizer="adam", loss="mean_squared_error")
    model.fit(windows[: days - WINDOW], scaled[WINDOW:days], batch_size=32, epochs=epochs, verbose=0)
    seconds = time.perf_counter() - start
    forecasts = model.predict(windows[days - WINDOW : -1], batch_size=256, verbose=0)[:, 0]
    return {"seconds": seconds, "forecasts": (forecasts * (high - low) + low).tolist()}


print(json.dumps({"version": tf.__version__}), flush=True)
for line in sys.stdin:
    print(json.dumps(run(**json.loads(line))), flush=True)
