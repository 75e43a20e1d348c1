"""Writes scipy-values.json: what SciPy and scikit-learn give, for the tests to compare with.

    /usr/bin/python3 -P make-scipy-values.py > scipy-values.json

What neither of them has (DeLong, Holm, Iman & Davenport, Nemenyi) is written out here from its definition, with pairs and
loops where the package uses ranks.
"""

import itertools
import json
import math
import re
import sys

import numpy as np
import scipy
import sklearn
from scipy import special, stats
from sklearn import metrics

rng = np.random.default_rng(20241)


def floats(values):
    return [float(value) for value in np.ravel(values)]


def philox(low, high, key):
    """Philox-2x32-10, with Python's whole numbers."""
    for _ in range(10):
        product = 0xD256D193 * low
        low, high = (product >> 32) ^ key ^ high, product & 0xFFFFFFFF
        key = (key + 0x9E3779B9) & 0xFFFFFFFF
    return low, high


def uniforms(seed):
    counter = 0
    while True:
        a, b = philox(counter, 0, seed)
        counter += 1
        yield ((a >> 5) * 2**26 + (b >> 6)) / 2**53


def distributions():
    normal = [-37.5, -8.3, -3, -1, -1e-9, 0, 0.3, 1.5, 2, 4.5, 8]
    levels = [1e-12, 0.0001, 0.025, 0.1, 0.4, 0.5, 0.6, 0.9, 0.975, 0.999, 1 - 1e-10]
    inner = levels[1:]  # at 1e-12 SciPy's F quantile has four digits: (π · 1e-12 / 2)² = 2.46740e-24 for 1 and 1 degrees
    sides = [p for p in levels if p != 0.5]  # SciPy's t quantile is 8e-17 there, and not 0
    chi = [(x, k) for k in (1, 2, 3.5, 7, 30, 200) for x in (1e-6, 0.1, 1, 4, 20, 90, 300)]
    f = [(x, a, b) for a, b in ((1, 1), (2, 10), (3, 27), (9, 81), (0.5, 4), (40, 200)) for x in (1e-4, 0.3, 1, 2.5, 12, 200)]
    t = [(x, k) for k in (1, 2, 4.5, 9, 30, 500) for x in (1e-6, 0.2, 1, 2.3, 5, 40)]
    ranges = [(q, k) for k in (2, 3, 5, 10, 30, 100) for q in (0.05, 0.5, 1.5, 3, 4.5, 6)]
    return {
        'normal': [[z, float(special.ndtr(z))] for z in normal],
        'normalQuantile': [[p, float(special.ndtri(p))] for p in levels],
        'chiSquareTail': [[x, k, float(stats.chi2.sf(x, k))] for x, k in chi],
        'chiSquareQuantile': [[p, k, float(stats.chi2.ppf(p, k))] for p in levels for k in (1, 3.5, 30)],
        'fTail': [[x, a, b, float(stats.f.sf(x, a, b))] for x, a, b in f],
        'fQuantile': [[p, a, b, float(stats.f.ppf(p, a, b))] for p in inner for a, b in ((1, 1), (2, 10), (9, 81))],
        'studentTTail': [[x, k, float(2 * stats.t.sf(x, k))] for x, k in t],
        'studentTQuantile': [[p, k, float(stats.t.ppf(p, k))] for p in sides for k in (1, 4.5, 30)],
        'studentizedRangeTail': [[q, k, float(stats.studentized_range.sf(q, k, np.inf))] for q, k in ranges],
        'studentizedRangeQuantile': [
            [p, k, float(stats.studentized_range.ppf(p, k, np.inf))] for p in (0.5, 0.9, 0.95, 0.99) for k in (2, 5, 20)
        ],
    }


def paired_tests():
    cases = {}
    for name, n in (('five', 5), ('twelve', 12), ('forty', 40), ('hundred', 100)):
        base = rng.normal(0.9, 0.01, n)
        cases[name] = (base + rng.normal(0.003, 0.005, n), base)
    base = rng.integers(0, 6, 12).astype(float)
    cases['ties'] = (base + rng.permutation([1, 1, 1, 2, 2, -1, 3, 4, 4, 5, -2, 2]), base)
    cases['ties and zeros'] = (base + rng.permutation([0, 0, 1, 2, 2, -1, 3, -3, 4, 5, -2, 0]), base)
    base = rng.integers(0, 9, 60).astype(float)
    cases['many ties'] = (base + rng.integers(-2, 4, 60), base)
    result = {}
    for name, (a, b) in cases.items():
        t = stats.ttest_rel(a, b)
        interval = t.confidence_interval(0.95)
        auto = stats.wilcoxon(a, b)
        normal = stats.wilcoxon(a, b, correction=True, method='asymptotic')
        differences = a - b
        positive, negative = int((differences > 0).sum()), int((differences < 0).sum())
        entry = {
            'a': floats(a), 'b': floats(b),
            't': float(t.statistic), 'pValue': float(t.pvalue), 'low': float(interval.low), 'high': float(interval.high),
            'wilcoxonNormal': float(normal.pvalue),
            'sign': float(stats.binomtest(positive, positive + negative).pvalue),
        }
        tied = len(set(np.abs(differences))) < len(differences) or (differences == 0).any()
        if not tied and len(a) <= 50:
            entry['wilcoxonExact'] = float(auto.pvalue)
        if tied and len(a) <= 13:  # SciPy has no exact distribution with ties: all the signs in a loop
            left = differences[differences != 0]
            ranks = stats.rankdata(np.abs(left))
            middle = ranks.sum() / 2
            observed = abs(ranks[left > 0].sum() - middle)
            sums = [np.dot(ranks, signs) for signs in itertools.product((0, 1), repeat=len(left))]
            entry['wilcoxonExact'] = sum(abs(value - middle) >= observed for value in sums) / len(sums)
        if len(a) <= 12:
            entry['permutation'] = float(
                stats.permutation_test((a, b), lambda x, y: np.mean(x - y), permutation_type='samples', vectorized=False).pvalue
            )
        result[name] = entry
    return result


class Drawn:
    """What scipy.stats.bootstrap takes for an earlier result: our own resamples."""

    def __init__(self, distribution):
        self.bootstrap_distribution = distribution


def bootstraps():
    resamples = 1999
    x, y = rng.gamma(2, 1, 15), rng.gamma(2, 1.3, 15)
    other = rng.gamma(2, 1.3, 9)
    statistics = {
        'mean': ((x,), lambda a: np.mean(a), False),
        'deviation': ((x,), lambda a: np.std(a, ddof=1), False),
        'paired ratio': ((x, y), lambda a, b: np.mean(a) / np.mean(b), True),
        'difference of two samples': ((x, other), lambda a, b: np.mean(a) - np.mean(b), False),
    }
    result = {'resamples': resamples, 'seed': 11, 'cases': {}}
    for name, (data, statistic, paired) in statistics.items():
        random = uniforms(11)
        distribution = []
        for _ in range(resamples):
            if paired:
                rows = [int(next(random) * len(data[0])) for _ in data[0]]
                distribution.append(statistic(*(values[rows] for values in data)))
            else:
                distribution.append(statistic(*(values[[int(next(random) * len(values)) for _ in values]] for values in data)))
        entry = {'samples': [floats(values) for values in data], 'paired': paired}
        for method in ('percentile', 'BCa'):
            found = stats.bootstrap(
                data, statistic, paired=paired, vectorized=False, n_resamples=0, method=method, confidence_level=0.9,
                bootstrap_result=Drawn(np.array(distribution)),
            )
            entry[method] = [float(found.confidence_interval.low), float(found.confidence_interval.high)]
            entry['standardError'] = float(found.standard_error)
        result['cases'][name] = entry
    return result


def adjusted():
    p = rng.uniform(0, 1, 12) ** 4
    order = np.argsort(p)
    steps = np.maximum.accumulate([min(1, (len(p) - i) * p[place]) for i, place in enumerate(order)])
    holm = np.empty_like(p)
    holm[order] = steps
    return {'pValues': floats(p), 'holm': floats(holm), 'benjaminiHochberg': floats(stats.false_discovery_control(p))}


def components(labels, scores):
    positive, negative = scores[labels == 1], scores[labels == 0]
    wins = (positive[:, None] > negative[None, :]) + 0.5 * (positive[:, None] == negative[None, :])
    return wins.mean(axis=1), wins.mean(axis=0)


def delong():
    labels = (rng.uniform(size=80) < 0.3).astype(int)
    a = np.round(labels + rng.normal(0, 1.2, 80), 1)  # rounded: there are ties
    b = np.round(a + rng.normal(0, 0.8, 80), 1)
    (v10a, v01a), (v10b, v01b) = components(labels, a), components(labels, b)
    covariance = np.cov(v10a, v10b) / len(v10a) + np.cov(v01a, v01b) / len(v01a)
    variance = covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
    aucs = [metrics.roc_auc_score(labels, a), metrics.roc_auc_score(labels, b)]
    z = (aucs[0] - aucs[1]) / math.sqrt(variance)
    reach = stats.norm.ppf(0.95) * math.sqrt(covariance[0, 0])
    center, spread = special.logit(aucs[0]), reach / (aucs[0] * (1 - aucs[0]))
    return {
        'labels': labels.tolist(), 'a': floats(a), 'b': floats(b), 'aucs': floats(aucs),
        'variance': float(covariance[0, 0]),
        'plain': [float(aucs[0] - reach), float(aucs[0] + reach)],
        'logit': [float(special.expit(center - spread)), float(special.expit(center + spread))],
        'differenceVariance': float(variance), 'z': float(z), 'pValue': float(2 * stats.norm.sf(abs(z))),
    }


def friedman(values):
    n, k = values.shape
    found = stats.friedmanchisquare(*values.T)
    f = (n - 1) * found.statistic / (n * (k - 1) - found.statistic)
    return {
        'values': [floats(row) for row in values],
        'averageRanks': floats(np.mean([stats.rankdata(-row) for row in values], axis=0)),
        'chiSquare': float(found.statistic), 'pValue': float(found.pvalue),
        'f': float(f), 'fPValue': float(stats.f.sf(f, k - 1, (k - 1) * (n - 1))),
        'criticalDifference': float(
            stats.studentized_range.ppf(0.95, k, np.inf) / math.sqrt(2) * math.sqrt(k * (k + 1) / (6 * n))
        ),
    }


def rows():
    labels = (rng.uniform(size=60) < 0.4).astype(int)
    probabilities = np.round(special.expit(labels - 0.5 + rng.normal(0, 1, 60)), 2)
    weights = np.round(rng.uniform(0.2, 3, 60), 2)
    values, predictions = rng.normal(5, 2, 40), None
    predictions = values + rng.normal(0, 1, 40)
    kinds = {
        'auc': metrics.roc_auc_score, 'prAuc': metrics.average_precision_score, 'logLoss': metrics.log_loss,
        'brier': metrics.brier_score_loss,
    }
    decided = {
        'precision': metrics.precision_score, 'recall': metrics.recall_score, 'f1': metrics.f1_score,
        'balancedAccuracy': metrics.balanced_accuracy_score, 'mcc': metrics.matthews_corrcoef,
    }
    binary = {'labels': labels.tolist(), 'probabilities': floats(probabilities), 'weights': floats(weights)}
    for name, function in kinds.items():
        binary[name] = float(function(labels, probabilities))
        binary[name + 'Weighted'] = float(function(labels, probabilities, sample_weight=weights))
    for name, function in decided.items():
        binary[name] = float(function(labels, probabilities >= 0.5))
        binary[name + 'Weighted'] = float(function(labels, probabilities >= 0.5, sample_weight=weights))
    binary['ks'] = float(stats.ks_2samp(probabilities[labels == 1], probabilities[labels == 0]).statistic)
    kinds = {
        'rmse': metrics.root_mean_squared_error, 'mae': metrics.mean_absolute_error, 'r2': metrics.r2_score,
        'mape': metrics.mean_absolute_percentage_error,
    }
    regression = {'values': floats(values), 'predictions': floats(predictions), 'weights': floats(weights[:40])}
    for name, function in kinds.items():
        regression[name] = float(function(values, predictions))
        regression[name + 'Weighted'] = float(function(values, predictions, sample_weight=weights[:40]))
    regression['medianAe'] = float(metrics.median_absolute_error(values, predictions))
    regression['pearson'] = float(stats.pearsonr(values, predictions).statistic)
    regression['spearman'] = float(stats.spearmanr(np.round(values), np.round(predictions)).statistic)
    return binary, regression


def classes():
    random = np.random.default_rng(7)
    labels, weights = random.integers(0, 4, 70), np.round(random.uniform(0.2, 3, 70), 2)
    scores = np.round(random.normal(size=(70, 4)) + 1.2 * np.eye(4)[labels], 3)
    decided = scores.argmax(axis=1)
    kinds = {
        'accuracy': metrics.accuracy_score, 'balancedAccuracy': metrics.balanced_accuracy_score, 'mcc': metrics.matthews_corrcoef,
        'macroF1': lambda *args, **named: metrics.f1_score(*args, average='macro', **named),
        'kappa': metrics.cohen_kappa_score,
        'quadraticKappa': lambda *args, **named: metrics.cohen_kappa_score(*args, weights='quadratic', **named),
    }
    found = {'labels': labels.tolist(), 'scores': floats(scores), 'weights': floats(weights)}
    for name, function in kinds.items():
        found[name] = float(function(labels, decided))
        found[name + 'Weighted'] = float(function(labels, decided, sample_weight=weights))
    found['top@2'] = float(metrics.top_k_accuracy_score(labels, scores, k=2))
    found['top@2Weighted'] = float(metrics.top_k_accuracy_score(labels, scores, k=2, sample_weight=weights))
    return found


binary, regression = rows()
text = json.dumps(
    {
        'versions': {'scipy': scipy.__version__, 'scikit-learn': sklearn.__version__, 'numpy': np.__version__},
        'distributions': distributions(),
        'paired': paired_tests(),
        'bootstrap': bootstraps(),
        'adjusted': adjusted(),
        'delong': delong(),
        'friedman': friedman(rng.normal(size=(14, 5)) + np.arange(5) * 0.4),
        'friedmanTies': friedman(rng.integers(0, 4, (9, 4)).astype(float)),
        'binary': binary,
        'regression': regression,
        'multiclass': classes(),
    },
    indent=1,
)
# lists of numbers on one line
sys.stdout.write(re.sub(r'\[([^\[\]]*)\]', lambda found: '[' + ' '.join(found[1].split()) + ']', text) + '\n')
