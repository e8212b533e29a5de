"""Holds a running server to the Open Inference Protocol's OpenAPI document, as the package mlserver carries it.

Arguments: base URL, model, version, window. Prints every operation of the data plane with what is wrong with its answer.
"""
import importlib.util
import json
import pathlib
import sys

import jsonschema_rs
import requests

base, model, version, window = (json.loads(argument) for argument in sys.argv[1:])
folder = pathlib.Path(importlib.util.find_spec("mlserver").submodule_search_locations[0])
# "bytes", its type for the texts of a tensor, is none of JSON Schema's.
text = (folder / "rest" / "openapi" / "dataplane.json").read_text().replace('"type": "bytes"', '"type": "string"')
document = json.loads(text)

tensor = {"name": "closes", "shape": [1, len(window)], "datatype": "FP64", "data": window}
BODIES = [
    ({"id": "mine", "inputs": [tensor]}, 200),
    ({"inputs": [{**tensor, "data": [window]}], "outputs": [{"name": "upper"}]}, 200),
    ({"inputs": []}, 400),
]
# Kept by every version of the protocol; the rest of the document is MLServer's own.
CORE = ("/v2/health/", "/v2/models/{model_name}/versions/{model_version}", "/v2/models/{model_name}", "/v2")
OWN = ("/infer_stream", "/generate", "/generate_stream")


def fault(operation, reply):
    described = operation["responses"].get(str(reply.status_code))
    if described is None:
        # The protocol describes the one error object it has for every status.
        described = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/InferenceErrorResponse"}}}}
        if reply.status_code < 400:
            return f"status {reply.status_code} is not of the protocol"
    media = described.get("content", {}).get("application/json")
    if media is None:
        return None
    if not reply.headers["content-type"].startswith("application/json"):
        return f"content type {reply.headers['content-type']}"
    schema = {**media["schema"], "components": document["components"]}
    errors = list(jsonschema_rs.validator_for(schema).iter_errors(reply.json()))
    return errors[0].message if errors else None


answers = []
for path, operations in document["paths"].items():
    if not path.startswith(CORE) or path.endswith(OWN):
        continue
    for method, operation in operations.items():
        if method not in ("get", "post"):
            continue
        for body, expected in BODIES if method == "post" else [(None, 200)]:
            for name in (model, "NOPE"):
                url = base + path.format(model_name=name, model_version=version)
                reply = requests.request(method, url, json=body, timeout=30)
                wanted = expected if name == model or "{model_name}" not in path or expected == 400 else 404
                answers.append(
                    {
                        "asked": f"{method} {path} {name}",
                        "status": reply.status_code,
                        "expected": wanted,
                        "fault": fault(operation, reply),
                    }
                )
print(json.dumps(answers))
