#!/usr/bin/env python3
"""Serves an ONNX file of `polytask export` with onnxruntime, as a service in Python is usually written:

    python3 serve_onnx.py people.onnx fastapi|http

fastapi: FastAPI on uvicorn, one process. http: ThreadingHTTPServer of the standard library. Both encode rows, predict each request by
itself with one thread, and answer as `polytask serve` does. Prints the address.
"""

import json
import socket
import sys

import numpy as np
import onnxruntime

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(sys.argv[1], options, providers=['CPUExecutionProvider'])
schema = json.loads(session.get_modelmeta().custom_metadata_map['polytask.schema'])
codes = {
    name: {text: 2 + i for i, text in enumerate(feature['vocabulary'])}
    for name, feature in schema['features'].items()
    if feature['kind'] == 'categorical'
}
outputs = [task['output'] for task in schema['tasks'].values()]


def column(name, rows):
    values = [row[name] for row in rows]
    if name in codes:
        return np.array([1 if value is None else codes[name].get(value, 0) for value in values], np.int32)
    return np.array([np.nan if value is None else value for value in values], np.float32)


def shown(task, value):
    if task['kind'] != 'multiclass':
        return float(value)
    shares = dict(zip(task['classes'], map(float, value)))
    return {'class': max(shares, key=shares.get), 'probabilities': shares}


def predict(rows):
    scores = session.run(outputs, {name: column(name, rows) for name in schema['features']})
    tasks = list(schema['tasks'].items())
    return {
        'predictions': [
            {name: shown(task, scores[t][r]) for t, (name, task) in enumerate(tasks)} for r in range(len(rows))
        ]
    }


def with_fastapi():
    import fastapi
    import uvicorn

    app = fastapi.FastAPI()

    @app.post('/predict')
    async def answer(request: fastapi.Request):
        return fastapi.responses.JSONResponse(predict(await request.json()))

    listener = socket.socket()
    listener.bind(('127.0.0.1', 0))
    print(f'http://127.0.0.1:{listener.getsockname()[1]}', flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level='error')).run([listener])


def with_http():
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Handler(BaseHTTPRequestHandler):
        protocol_version = 'HTTP/1.1'

        def do_POST(self):
            body = json.dumps(predict(json.loads(self.rfile.read(int(self.headers['Content-Length']))))).encode()
            self.send_response(200)
            self.send_header('Content-Type', 'application/json')
            self.send_header('Content-Length', str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(('127.0.0.1', 0), Handler)
    print(f'http://127.0.0.1:{server.server_address[1]}', flush=True)
    server.serve_forever()


{'fastapi': with_fastapi, 'http': with_http}[sys.argv[2]]()
