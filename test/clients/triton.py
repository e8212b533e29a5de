"""NVIDIA's tritonclient against a running estimator: arguments URL host:port, model, window. Prints its answers as JSON."""
import json
import sys

import numpy
import tritonclient.http as http
from tritonclient.utils import InferenceServerException

address, model, window = (json.loads(argument) for argument in sys.argv[1:])
client = http.InferenceServerClient(url=address)


def ask(datatype, binary, outputs=None, horizon=None):
    values = numpy.array([window, window], dtype={"FP32": numpy.float32, "FP64": numpy.float64}[datatype])
    tensor = http.InferInput("closes", list(values.shape), datatype)
    tensor.set_data_from_numpy(values, binary_data=binary)
    asked = outputs and [http.InferRequestedOutput(name, binary_data=binary) for name in outputs]
    result = client.infer(
        model,
        [tensor],
        outputs=asked,
        request_id="mine",
        parameters=horizon and {"horizon": horizon},
    )
    names = outputs or ["prediction", "lower", "upper", "naive"]
    return {
        "id": result.get_response()["id"],
        "version": result.get_response()["model_version"],
        "outputs": {name: result.as_numpy(name).tolist() for name in names},
    }


def refusal(call):
    try:
        call()
    except InferenceServerException as error:
        return {"status": error.status(), "message": error.message()}


short = http.InferInput("closes", [1, 2], "FP64")
short.set_data_from_numpy(numpy.array([[1.0, 2.0]]))
print(
    json.dumps(
        {
            "live": client.is_server_live(),
            "ready": client.is_server_ready(),
            "modelReady": [client.is_model_ready(model), client.is_model_ready("NOPE"), client.is_model_ready(model, "1")],
            "server": client.get_server_metadata(),
            "model": client.get_model_metadata(model),
            "answers": {
                f"{datatype} {'binary' if binary else 'JSON'}": ask(datatype, binary, outputs)
                for datatype in ("FP32", "FP64")
                for binary in (True, False)
                for outputs in (None if binary else ["prediction", "lower", "upper", "naive"],)
            },
            "ahead": ask("FP64", True, ["upper"], 3),
            "refusals": [refusal(lambda: client.infer(model, [short])), refusal(lambda: client.infer("NOPE", [short]))],
        }
    )
)
