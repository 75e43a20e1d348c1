"""Runs every .onnx file of a folder on the inputs of FOLDER/inputs.json, a list; writes the results to FOLDER/results.json."""
import json
import pathlib
import sys

import numpy
import onnxruntime

folder = pathlib.Path(sys.argv[1])
cases = json.loads((folder / 'inputs.json').read_text())
results = {}
for path in folder.glob('*.onnx'):
    session = onnxruntime.InferenceSession(str(path), providers=['CPUExecutionProvider'])
    names = [output.name for output in session.get_outputs()]
    results[path.stem] = []
    for case in cases:
        feeds = {name: numpy.array(given['data'], given['type']).reshape(given['shape']) for name, given in case.items()}
        values = session.run(names, feeds)
        results[path.stem].append({name: value.ravel().tolist() for name, value in zip(names, values)})
(folder / 'results.json').write_text(json.dumps(results))
