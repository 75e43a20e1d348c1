"""Runs onnx.checker, with strict shape inference, over every .onnx file of a folder; prints what it refuses."""
import pathlib
import sys

import onnx

for path in sorted(pathlib.Path(sys.argv[1]).glob('*.onnx')):
    try:
        onnx.checker.check_model(onnx.load(path), full_check=True)
    except Exception as error:  # whatever it is, it is a fault of the file
        print(f'{path.stem}: {error}'.replace('\n', ' ')[:400])
