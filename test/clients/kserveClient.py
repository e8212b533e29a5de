"""KServe's own client against a running estimator: arguments base URL, model, window. Prints its answers as JSON."""
import asyncio
import json
import sys

import numpy
from kserve import InferenceRESTClient, InferInput, InferRequest, RESTConfig

base, model, window = (json.loads(argument) for argument in sys.argv[1:])


async def main():
    client = InferenceRESTClient(RESTConfig(protocol="v2"))
    answers = {}
    for datatype, kind in (("FP32", numpy.float32), ("FP64", numpy.float64)):
        for binary in (True, False):
            values = numpy.array([window], dtype=kind)
            tensor = InferInput("closes", list(values.shape), datatype)
            tensor.set_data_from_numpy(values, binary_data=binary)
            answer = await client.infer(base, InferRequest(model, [tensor], request_id="mine"), model_name=model)
            answers[f"{datatype} {'binary' if binary else 'JSON'}"] = {
                output.name: output.as_numpy().tolist() for output in answer.outputs
            }
    print(
        json.dumps(
            {
                "live": await client.is_server_live(base),
                "ready": await client.is_server_ready(base),
                "modelReady": await client.is_model_ready(base, model),
                "answers": answers,
            }
        )
    )


asyncio.run(main())
