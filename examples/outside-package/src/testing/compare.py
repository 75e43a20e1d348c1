"""Predicts the rows of compare.ts in Python, and compares with the predictions of the trained model. Needs onnxruntime and numpy."""
import json
import sys

import numpy
import onnxruntime

DIRECTORY = 'results'
TOLERANCE = 1e-5  # as in compare.ts


def read(name):
    with open(f'{DIRECTORY}/{name}') as file:
        return json.load(file)


session = onnxruntime.InferenceSession(f'{DIRECTORY}/model.onnx', providers=['CPUExecutionProvider'])
feeds = {
    name: numpy.array(given['data'], given['type']).reshape(given['shape'])
    for name, given in read('inputs.json').items()
}
names = [output.name for output in session.get_outputs()]
predictions = dict(zip(names, session.run(names, feeds)))
for task, wanted in read('predictions.json').items():
    difference = numpy.abs(predictions[task].ravel() - wanted).max() / numpy.abs(wanted).max()
    print(f'{task}: {len(wanted)} rows; largest relative difference in Python {difference:.1e}')
    if not difference <= TOLERANCE:
        sys.exit(1)
