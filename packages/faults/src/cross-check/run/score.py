"""Scores ONNX files with onnxruntime. Each line of stdin is a file with its inputs as JSON; each line of stdout has its outputs."""
import json
import sys

import numpy
import onnxruntime

TYPES = {'int32': numpy.int32, 'float32': numpy.float32}


def tensor(each):
    values = [numpy.nan if value is None else value for value in each['data']]
    return numpy.array(values, dtype=TYPES[each['type']]).reshape(each['shape'])


def score(request):
    session = onnxruntime.InferenceSession(request['file'], providers=['CPUExecutionProvider'])
    feeds = {name: tensor(each) for name, each in request['inputs'].items()}
    names = [output.name for output in session.get_outputs()]
    outputs = session.run(names, feeds)
    return {name: [float(value) if numpy.isfinite(value) else None for value in output.ravel()] for name, output in zip(names, outputs)}


for line in sys.stdin:
    try:
        answer = {'outputs': score(json.loads(line))}
    except Exception as error:  # whatever it is, it is a fault of the file
        answer = {'error': str(error)[:400]}
    print(json.dumps(answer), flush=True)
