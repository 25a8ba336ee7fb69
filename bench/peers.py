"""What else one could use from Python, each as its manual says; none but the typical script normalises."""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import ahocorasick

from bench.engines import Engine, Run


def _automaton(terms: Sequence[str]) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for term in terms:
        automaton.add_word(term, term)
    automaton.make_automaton()
    return automaton


def _plain(terms: Sequence[str]) -> Run:
    automaton = _automaton(terms)
    return lambda texts: sum(bool(list(automaton.iter(text))) for text in texts)


def _typical(terms: Sequence[str]) -> Run:
    import opencc

    automaton, simplify = _automaton(terms), opencc.OpenCC("t2s").convert

    def has_term(text: str) -> bool:
        folded = simplify(unicodedata.normalize("NFKC", text))
        return bool(list(automaton.iter(re.sub(r"\s", "", folded))))

    return lambda texts: sum(map(has_term, texts))


def _presidio(terms: Sequence[str]) -> Run:
    """One pattern: its deny_list wraps terms in word borders, which do not exist between Han characters."""
    from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer, RecognizerRegistry
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    no_op = {"nlp_engine_name": "no_op", "models": [{"lang_code": "zh", "model_name": "no_op"}]}
    pattern = Pattern("terms", "|".join(map(re.escape, terms)), 0.9)
    recognizer = PatternRecognizer("TERM", patterns=[pattern], supported_language="zh")
    analyzer = AnalyzerEngine(
        registry=RecognizerRegistry([recognizer], supported_languages=["zh"]),
        nlp_engine=NlpEngineProvider(nlp_configuration=no_op).create_engine(),
        supported_languages=["zh"],
    )
    return lambda texts: sum(bool(analyzer.analyze(text, language="zh")) for text in texts)


def _detect_secrets(terms: Sequence[str]) -> Run:
    from detect_secrets.core.scan import scan_line
    from detect_secrets.settings import transient_settings

    # Plug-ins are loaded once a process: the terms reach ours as a setting.
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt", delete=False) as file:
        file.write("\n".join(terms))
    detector = {
        "name": "TermDetector",
        "path": (Path(__file__).parent / "term_detector.py").as_uri(),
        "terms_file": file.name,
    }

    def run(texts: Sequence[str]) -> int:
        with transient_settings({"plugins_used": [detector], "filters_used": []}):
            return sum(
                bool([found for line in text.split("\n") for found in scan_line(line)]) for text in texts
            )

    return run


PLAIN = Engine(name="pyahocorasick 逐条，不归一", build=_plain)
TYPICAL = Engine(name="常见脚本：NFKC＋OpenCC＋pyahocorasick", build=_typical, share=0.1)
PRESIDIO = Engine(name="presidio-analyzer，no-op NLP", build=_presidio, share=0.004, most_terms=3000)
DETECT_SECRETS = Engine(name="detect-secrets，一个检测器", build=_detect_secrets, share=0.02, most_terms=3000)
