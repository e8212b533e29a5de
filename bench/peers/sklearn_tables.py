"""scikit-learn's forests and boosted trees on its own bundled sets: a line of JSON answers each line of JSON."""
import json
import sys
import time

import sklearn
from sklearn import datasets, ensemble

SETS = {
    "iris": datasets.load_iris,
    "wine": datasets.load_wine,
    "breast_cancer": datasets.load_breast_cancer,
    "digits": datasets.load_digits,
    "diabetes": datasets.load_diabetes,
}
loaded = {name: load() for name, load in SETS.items()}
print(json.dumps({"version": sklearn.__version__}), flush=True)

for line in sys.stdin:
    question = json.loads(line)
    data = loaded[question["set"]]
    if "type" not in question:
        answer = {"x": data.data.tolist(), "y": data.target.tolist()}
    else:
        train, held = question["train"], question["held"]
        model = getattr(ensemble, question["type"])(random_state=question["seed"])
        began = time.perf_counter()
        model.fit(data.data[train], data.target[train])
        fitted = time.perf_counter()
        predictions = model.predict(data.data[held]).tolist()
        answer = {
            "predictions": predictions,
            "fitSeconds": fitted - began,
            "predictSeconds": time.perf_counter() - fitted,
        }
    print(json.dumps(answer), flush=True)
