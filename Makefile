BIN := .venv/bin

# Images of Docker set it: then each of the processes that a scan, a daemon and the tests start compiles all of leakwatch anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-slow run bench bundle lock

help:
	@echo 'make setup  装好运行环境（.venv）和系统软件'
	@echo 'make demo   扫描 samples/，起草线索报告表到 demo-drafts/'
	@echo 'make test   全部检查：代码风格、类型、分层、规则、测试'
	@echo 'make test-slow  慢的检查：浏览器、视频、PostgreSQL、故障演练'
	@echo 'make bench  与同类工具比速度，与别的引擎比读照片（默认一百万条消息、264 张图，MESSAGES=20000 IMAGES=44 较快）'
	@echo 'make run    常驻监视：收件箱、夜间扫描、期限提醒、审核页面'
	@echo 'make bundle 制作离线安装包 dist/leakwatch-版本-平台.tar.gz（PLATFORM=linux_aarch64 或 win_amd64：给别的机器）'
	@echo 'make lock   按 pyproject.toml 重写 requirements.lock 和 requirements-run.lock（需要 uv）'

setup:
	@bash scripts/setup.sh

# 3, 4 and 5 say that something was found or not read: what a demo is for. demo-drafts/ ignores itself.
demo: setup
	@rm -rf demo-drafts && mkdir demo-drafts && echo '*' > demo-drafts/.gitignore
	@code=0; $(BIN)/leakwatch scan --no-store --drafts demo-drafts samples || code=$$?; \
	case $$code in 0|3|4|5) echo "报告表草稿在 $(CURDIR)/demo-drafts/（退出码 $$code）";; *) exit $$code;; esac

# In the order of the folders: with the largest files first, those with few but slow tests kept one core waiting.
test: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/leakwatch rules check
	$(BIN)/pytest -q -n auto --dist loadfile --no-loadscope-reorder

# What takes minutes, or needs a browser, ffmpeg or PostgreSQL.
test-slow:
	@bash scripts/setup.sh tests
	$(BIN)/pytest -q -n auto --dist loadfile -m 'slow or browser'
	$(BIN)/pytest -q -n auto --dist loadfile tests/films
	PYTHON=$(BIN)/python sh tests/with_postgresql.sh

run: setup
	$(BIN)/leakwatch run

# The peers live in .venv-bench; the product's lock knows nothing of them.
MESSAGES ?= 1000000
IMAGES ?= 264
bench: setup
	@bash bench/setup.sh
	.venv-bench/bin/python -m bench --messages $(MESSAGES)
	.venv-bench/bin/python -m bench.reads --messages $$(($(MESSAGES) / 2))
	.venv-bench/bin/python -m bench.photos --images $(IMAGES)

# PYTHONS='3.11 3.13' leaves the wheels for other Pythons out, DEBS=no the Debian packages.
bundle: setup
	@$(BIN)/python -m release $(PLATFORM:%=--platform %) $(PYTHONS:%=--python %) $(if $(filter no,$(DEBS)),--no-debs)

# hatchling and editables build leakwatch itself without network (--no-build-isolation).
# The second lock is what a bundle holds: what runs, no tools of ours, and the pip that installs it.
lock:
	printf 'hatchling>=1.27\neditables>=0.5\n' | uv pip compile --upgrade --universal --python-version 3.11 \
		--generate-hashes --all-extras --no-annotate \
		--custom-compile-command 'make lock' --quiet pyproject.toml - --output-file requirements.lock
	printf 'pip>=25.1\n' | uv pip compile --universal --python-version 3.11 --constraints requirements.lock \
		--generate-hashes --extra photos --extra postgresql --no-annotate \
		--custom-compile-command 'make lock' --quiet pyproject.toml - --output-file requirements-run.lock
