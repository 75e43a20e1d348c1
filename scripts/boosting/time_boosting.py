"""Trains scikit-learn's boosting on the files that compare-boosting.js writes, and prints its times and its AUC as JSON."""

import json
import sys
import time
from pathlib import Path

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

directory = Path(sys.argv[1])
options = json.loads((directory / "options.json").read_text())


def rows(name):
    values = np.fromfile(directory / name).reshape(len(options["categorical"]) + 1, -1)
    return np.ascontiguousarray(values[:-1].T), values[-1]


(features, labels), (test_features, test_labels) = rows("train.bin"), rows("test.bin")
model = HistGradientBoostingClassifier(
    max_iter=options["iterations"], early_stopping=False, categorical_features=options["categorical"]
)
began = time.process_time()
model.fit(features, labels)
trained = time.process_time()
scores = model.predict_proba(test_features)[:, 1]
print(
    json.dumps(
        {
            "train": trained - began,
            "predict": time.process_time() - trained,
            "auc": roc_auc_score(test_labels, scores),
        }
    )
)
