# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
#
# The way in for people. Two commands need Python 3.11, make and a package registry, and nothing else: `make demo` and
# `make test`. Each makes its own environment, exactly as the hashes in requirements/ say. `make check` adds what needs
# Debian's chromium, Node and Go. A stamp in each environment carries a checksum of its lock files, so nothing is installed twice.

PYTHON ?= python3
CHROMIUM ?= /usr/bin/chromium
NPM ?= /usr/bin/npm
GO ?= /usr/bin/go
GO_SOURCES ?= /usr/share/gocode
ARGS ?=
S ?=
N ?= 500
SEED ?=

MAKEFLAGS += --no-print-directory
# Where the environment forbids it, every process of every exercise would compile its own modules again, and pytest every test.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.SUFFIXES:

DEMO := .venv/demo
TEST := .venv/test
CLK := .venv/bench-clk
NETWORK := .venv/bench-network
SPLINK := .venv/bench-splink
WASM := .venv/wasm
OIDC := .venv/oidc
INTEROP := .venv/interop
LOGCHECK := .venv/interop-go
PIP_FLAGS := -qq --disable-pip-version-check --no-input

checksum = $(shell { cat $(1); $(PYTHON) --version; } 2>/dev/null | cksum | tr -s ' ' -)
DEMO_LOCKS := requirements/build.txt requirements/run.txt
TEST_LOCKS := requirements/test.txt
BROWSER_LOCKS := requirements/browser.txt
BENCH_LOCKS := requirements/bench.txt
CLK_LOCKS := requirements/bench-clk.txt
NETWORK_LOCKS := requirements/bench-network.txt
WASM_LOCKS := tests/wasm/package.json tests/wasm/package-lock.json
OIDC_LOCKS := tests/oidc/package.json tests/oidc/package-lock.json
SPLINK_LOCKS := requirements/bench-splink.txt
INTEROP_LOCKS := requirements/interop.txt
LOGCHECK_SOURCE := tests/interop/logcheck.go
DEMO_STAMP := $(DEMO)/.stamp-$(call checksum,$(DEMO_LOCKS))
TEST_STAMP := $(TEST)/.stamp-$(call checksum,$(TEST_LOCKS))
BROWSER_STAMP := $(TEST)/.browser-$(call checksum,$(TEST_LOCKS) $(BROWSER_LOCKS))
BENCH_STAMP := $(TEST)/.bench-$(call checksum,$(TEST_LOCKS) $(BENCH_LOCKS))
CLK_STAMP := $(CLK)/.stamp-$(call checksum,$(CLK_LOCKS))
NETWORK_STAMP := $(NETWORK)/.stamp-$(call checksum,$(NETWORK_LOCKS))
WASM_STAMP := $(WASM)/.stamp-$(call checksum,$(WASM_LOCKS))
OIDC_STAMP := $(OIDC)/.stamp-$(call checksum,$(OIDC_LOCKS))
SPLINK_STAMP := $(SPLINK)/.stamp-$(call checksum,$(SPLINK_LOCKS))
INTEROP_STAMP := $(INTEROP)/.stamp-$(call checksum,$(INTEROP_LOCKS))
LOGCHECK_STAMP := $(LOGCHECK)/.stamp-$(call checksum,$(LOGCHECK_SOURCE))

PACKAGES := audit policies process pseudonymisation register
SOURCES := $(shell find $(PACKAGES) -name __pycache__ -prune -o -print 2>/dev/null)

# A missing tool is one sentence and exit 2: $(error) is the only way to say something in make without a trailer.
PYTHON_STATE = $(shell $(PYTHON) -c 'import sys; print("old" if sys.version_info < (3, 11) else "new")' 2>/dev/null || echo none)
VENV_STATE = $(shell $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null && echo there)
define require_python
$(if $(filter none,$(PYTHON_STATE)),$(error Python ontbreekt: "$(PYTHON)" start niet. Installeer Python 3.11 of nieuwer, of wijs het aan: make $(firstword $(MAKECMDGOALS)) PYTHON=/pad/naar/python3))
$(if $(filter old,$(PYTHON_STATE)),$(error Deze Python is te oud: "$(PYTHON)" is $(lastword $(shell $(PYTHON) --version 2>&1)). Nodig is 3.11 of nieuwer. Wijs een andere aan: make $(firstword $(MAKECMDGOALS)) PYTHON=/pad/naar/python3.11))
$(if $(VENV_STATE),,$(error Aan "$(PYTHON)" ontbreekt venv of ensurepip. Installeer dat eerst, in Debian en Ubuntu het pakket python3-venv))
endef

.PHONY: help
help: ## deze lijst
	@echo 'Gebruik: make DOEL'
	@echo
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  \1|\2/p' $(firstword $(MAKEFILE_LIST)) | awk -F'|' '{printf "%-14s %s\n", $$1, $$2}'
	@echo
	@echo 'Nodig: Python 3.11 of nieuwer en een pakketregister. Een andere Python: make demo PYTHON=/pad/naar/python3'

.PHONY: demo
demo: $(DEMO)/.project ## de oefening: alle processen op deze machine, met ARGS="--once" stopt zij vanzelf
	@exec $(DEMO)/bin/signaalregister demo $(ARGS)

.PHONY: ceremony-demo
ceremony-demo: $(DEMO)/.project ## wat er met sleutels gebeurt: ceremonie, verloren houder, herverdeling en rotatie; stopt vanzelf
	@exec $(DEMO)/bin/signaalregister demo --keys $(ARGS)

.PHONY: policy-demo
policy-demo: $(DEMO)/.project ## wat de regels doen: één treffer voor vier lezers, en een regel die per ongeluk ruimer werd; stopt vanzelf
	@exec $(DEMO)/bin/signaalregister demo --policy $(ARGS)

.PHONY: tmm-demo
tmm-demo: $(DEMO)/.project ## de carrousel naar TMM: van drie signalen en een vraag, opgepakt en overgedragen, naar A, B, C, D, met van elk verband de reden, en terug bij wie het eerste signaal gaf; stopt vanzelf
	@exec $(DEMO)/bin/signaalregister demo --tmm $(ARGS)

# Software that is not ours judges too: tlog-scales from the package registry, and Go's sumdb where Debian's Go and its sources are.
.PHONY: audit-demo
audit-demo: $(DEMO)/.project $(INTEROP_STAMP) ## zes keer wordt er met het logboek geknoeid, en elke keer valt het op; stopt vanzelf
	@if test -x $(GO) && test -d $(GO_SOURCES)/src/golang.org/x/mod/sumdb; then $(MAKE) $(LOGCHECK_STAMP); fi
	@exec $(DEMO)/bin/signaalregister demo --audit --judge 'tlog-scales=$(INTEROP)/bin/python tests/interop/scales.py' \
		$$(test -x $(LOGCHECK)/logcheck && echo "--judge sumdb=$(LOGCHECK)/logcheck") $(ARGS)

.PHONY: verifier
verifier: $(DEMO)/.project ## één bestand waarmee iedereen het logboek kan nagaan (logboek-nagaan.pyz), met zijn SHA-256
	@$(DEMO)/bin/signaalregister audit standalone $(ARGS)

# Everything that starts real processes runs in one pytest with two workers, a file a worker: processes mostly wait for each other, so two exercises side
# by side take little longer than one. Each takes ports of its own (tests/exercise.py). The files come in the order given, the longest first.
# Databases of tests stand in memory where that is large enough: nothing they claim is about a disk (make faults is).
MEMORY := $(shell test -w /dev/shm && test "$$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 {print $$4}')" -gt 4000000 && echo TMPDIR=/dev/shm)
FAST := -n 2 --dist worksteal --ignore tests/browser --ignore tests/bench -m 'not scenario and not browser and not faults and not wasm and not oidc and not interop'
# Whole imports over loopback, changes of keys and of policy: slow, and about what seldom changes. make exhaustive has them.
SLOW := $(addprefix --ignore tests/,register/municipal/test_import_cli.py register/municipal/test_intake.py register/central/test_rotating.py register/central/test_changing.py policies/test_difference.py policies/test_lint.py pseudonymisation/keyholder/test_passing_on_cli.py pseudonymisation/keyholder/test_ceremony_cli.py)
# Nine exercises take half a minute or more each and play what other tests claim: make scenario S=demo, S=ceremony_demo, S=policy_demo, S=tmm_demo, S=audit_demo, S=SC8, S=attendering, S=enrolment, S=sealed_release. What forking is, make scenario S=forking says.
SIDE_BY_SIDE := -n 2 --dist loadfile --no-loadscope-reorder --ignore tests/scenarios/test_ceremony_demo.py --ignore tests/scenarios/test_policy_demo.py --ignore tests/scenarios/test_tmm_demo.py --ignore tests/scenarios/test_audit_demo.py --ignore tests/scenarios/test_sc8_monthly_review.py --ignore tests/scenarios/test_attendering.py --ignore tests/scenarios/test_demo.py --ignore tests/scenarios/test_enrolment.py --ignore tests/scenarios/test_sealed_release.py --ignore tests/scenarios/test_forking.py

.PHONY: test
test: lint fast ## regels van het huis en alle tests die alleen Python nodig hebben
	@echo '== Scenario'"'"'s met echte processen'
	@$(MEMORY) $(TEST)/bin/pytest $(SIDE_BY_SIDE) tests/scenarios

.PHONY: fast
fast: $(TEST)/.project
	@echo '== Tests'
	@MAKEFLAGS= $(MEMORY) $(TEST)/bin/pytest $(FAST) $(SLOW)

.PHONY: exhaustive
exhaustive: $(TEST)/.project ## alle tests die alleen Python nodig hebben, met elk geval op elke database
	@echo '== Tests, elk geval'
	@MAKEFLAGS= $(MEMORY) $(TEST)/bin/pytest $(FAST) --every-case
	@MAKEFLAGS= $(MEMORY) $(TEST)/bin/pytest -n 2 --every-case tests/bench

# What waits for the network is fetched while the tests run that need none of it; other people's software judges, and the rules of the house are checked, while
# the processes mostly wait for each other.
.PHONY: check processes
check: ## make test, de pagina's in een echte browser (chromium van Debian), de regels door Cedar in WebAssembly en aanmelden bij een echt aanmeldsysteem (nodejs van Debian), het logboek door andermans software (golang van Debian)
	@$(MAKE) $(BROWSER_STAMP)
	@$(MAKE) -j5 fast chromium $(INTEROP_STAMP) $(LOGCHECK_STAMP) $(WASM_STAMP) $(OIDC_STAMP)
	@$(MAKE) -j3 processes wasm oidc interop lint-mypy lint-ruff lint-imports lint-reuse

processes: $(TEST)/.project $(BROWSER_STAMP)
	@echo '== Scenario'"'"'s met echte processen, pagina'"'"'s in de browser'
	@MAKEFLAGS= $(MEMORY) $(TEST)/bin/pytest $(SIDE_BY_SIDE) tests/browser tests/scenarios

.PHONY: wasm
wasm: $(TEST)/.project $(WASM_STAMP)
	@echo '== Regels door Cedar in WebAssembly'
	@$(TEST)/bin/pytest -rP -m wasm tests/wasm

.PHONY: oidc
oidc: $(TEST)/.project $(OIDC_STAMP)
	@echo '== Aanmelden bij een aanmeldsysteem van anderen: oidc-provider'
	@$(TEST)/bin/pytest -m oidc tests/oidc

.PHONY: interop
interop: $(TEST)/.project $(INTEROP_STAMP) $(LOGCHECK_STAMP)
	@echo '== Logboek door software van anderen: sumdb van Go, en tlog-scales'
	@$(TEST)/bin/pytest -n 2 -m interop tests/interop

scenario_name = $(shell printf '%s' '$(S)' | tr '[:upper:]' '[:lower:]')
scenario_files = $(wildcard tests/scenarios/test_$(scenario_name).py tests/scenarios/test_$(scenario_name)_*.py)
.PHONY: scenario
scenario: $(TEST)/.project ## één scenario met echte processen, bijvoorbeeld make scenario S=SC1
	$(if $(S),,$(error Zeg welk scenario: make scenario S=SC1))
	$(if $(scenario_files),,$(error Scenario "$(S)" staat niet in tests/scenarios. Er zijn: $(patsubst test_%.py,%,$(notdir $(wildcard tests/scenarios/test_*.py)))))
	$(if $(filter audit_demo,$(scenario_name)),@$(MAKE) $(INTEROP_STAMP) $(LOGCHECK_STAMP))
	@$(TEST)/bin/pytest -v $(scenario_files)

.PHONY: faults
faults: $(TEST)/.project ## processen en databases omgooien tijdens het werk: make faults N=100, herhalen met SEED=...
	@FAULTS_N='$(if $(filter command environment,$(origin N)),$(N),100)' FAULTS_SEED='$(SEED)' $(TEST)/bin/pytest tests/faults

# The four do not need each other: side by side they take as long as mypy alone.
.PHONY: lint lint-ruff lint-mypy lint-imports lint-reuse
lint: $(TEST)/.project ## opmaak, ruff, mypy, importgrenzen en licenties
	@$(MAKE) -j2 lint-mypy lint-ruff lint-imports lint-reuse

lint-ruff: $(TEST)/.project
	@echo '== Regels: ruff'
	@$(TEST)/bin/ruff check
	@$(TEST)/bin/ruff format --check

lint-mypy: $(TEST)/.project
	@echo '== Typen: mypy'
	@$(TEST)/bin/mypy

lint-imports: $(TEST)/.project
	@echo '== Importgrenzen: import-linter'
	@$(TEST)/bin/lint-imports

lint-reuse: $(TEST)/.project
	@echo '== Licenties: reuse'
	@$(TEST)/bin/reuse lint --quiet || $(TEST)/bin/reuse lint --lines

.PHONY: openapi
openapi: $(TEST)/.project ## de beschrijvingen van alle interfaces in docs/openapi opnieuw schrijven; bekijk daarna met git diff wat er verandert
	@$(TEST)/bin/python -m tests.api.openapi

.PHONY: screenshots
screenshots: $(TEST)/.project $(BROWSER_STAMP) chromium ## van elke pagina een beeld, op telefoon, bureau, 200 %, donker en papier, in build/screenshots, met wat er niet klopt
	@$(TEST)/bin/python -m tests.browser.screenshots $(ARGS)

.PHONY: bench-policy
bench-policy: $(TEST)/.project ## hoe lang een beslissing en een pagina van 50 signalen duren, naast kaal cedarpy
	@$(TEST)/bin/python -m tests.bench.policy $(ARGS)

.PHONY: bench-ask
bench-ask: $(TEST)/.project ## hoe lang een vraag aan de deur duurt, naast de grens van één seconde
	@$(TEST)/bin/python -m tests.bench.ask $(ARGS)

.PHONY: bench-phone
bench-phone: $(TEST)/.project $(BROWSER_STAMP) chromium ## hoe lang iemand met een oude telefoon in een trappenhuis op het eerste antwoord wacht, naast 3 seconden koud en 1,5 seconde warm
	@$(TEST)/bin/python -m tests.bench.phone $(ARGS)

.PHONY: bench-log
bench-log: $(TEST)/.project ## wat het logboek kost: handelingen met en zonder, een bewijs bij een miljoen bladen, het deel van een vraag: ARGS="--part actions"
	@$(TEST)/bin/python -m tests.bench.log $(ARGS)

.PHONY: bench-import
bench-import: $(TEST)/.project $(BENCH_STAMP) ## hoe snel twee gemeenten invoeren en waar de tijd blijft: N=500 records, of N=all
	@$(TEST)/bin/python -m tests.bench.importing $(N) $(ARGS)

.PHONY: bench-matching
bench-matching: $(TEST)/.project $(BENCH_STAMP) $(CLK_STAMP) $(SPLINK_STAMP) ## hoe goed dezelfde persoon wordt teruggevonden, naast andere methoden: ARGS="--data FILE.csv ..."
	@$(TEST)/bin/python -m tests.bench.matching $(ARGS)

.PHONY: bench-leakage
bench-leakage: $(TEST)/.project ## wat iemand leert die de tokens van het register heeft: aanvallen, en wat zij opleveren
	@$(TEST)/bin/python -m tests.bench.leakage $(ARGS)

.PHONY: bench-enumeration
bench-enumeration: $(TEST)/.project ## hoeveel telefoonnummers een node met kwade wil op een dag te weten komt, en wanneer de FG het hoort
	@$(TEST)/bin/python -m tests.bench.enumeration $(ARGS)

.PHONY: bench-hidden
bench-hidden: $(TEST)/.project ## of de duur van een antwoord verraadt dat er iets verborgen is: 10.000 paren, of ARGS="--pairs N"
	@$(TEST)/bin/python -m tests.bench.hidden $(ARGS)

.PHONY: bench-reviewing
bench-reviewing: $(TEST)/.project ## wat het kost om een maand te tellen en een week na te lopen: 1.200 en 10.000 vragen, of ARGS="N"
	@$(TEST)/bin/python -m tests.bench.reviewing $(ARGS)

.PHONY: bench-bulk
bench-bulk: $(TEST)/.project $(BENCH_STAMP) $(CLK_STAMP) ## hoe lang vergelijken duurt als het er tien keer zoveel worden, naast anonlink: ARGS="--n 10000,100000"
	@$(TEST)/bin/python -m tests.bench.bulk $(ARGS)

.PHONY: bench-rotation
bench-rotation: $(TEST)/.project ## hoe snel het register bij een rotatie omzet, naast kaal OpenSSL: make bench-rotation N=20000
	@$(TEST)/bin/python -m tests.bench.rotation $(if $(filter command environment,$(origin N)),$(N),20000) $(ARGS)

.PHONY: bench-replay
bench-replay: $(TEST)/.project ## hoe snel een heel logboek wordt nagerekend, naast kaal hashlib: make bench-replay N=1000000
	@$(TEST)/bin/python -m tests.bench.replay $(if $(filter command environment,$(origin N)),$(N),1000000) $(ARGS)

.PHONY: bench-network
bench-network: $(TEST)/.project $(NETWORK_STAMP) ## netwerken ter grootte van een land: te veel koppelen, konvooien, een zaak, componenten naast scipy: ARGS="--part convoys"
	@$(TEST)/bin/python -m tests.bench.network $(ARGS)

.PHONY: bench-holder
bench-holder: $(TEST)/.project ## wat een sleutelhouder en een node rekenen voor één vraag, naast kaal OpenSSL
	@$(TEST)/bin/python -m tests.bench.holder $(ARGS)

.PHONY: clean
clean: ## omgevingen, caches en de gegevens van de oefening weg
	@rm -rf .venv build dist oefening .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find $(PACKAGES) tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(DEMO_STAMP): $(DEMO_LOCKS)
	$(require_python)
	@echo 'Omgeving voor de oefening maken in $(DEMO). Dit gebeurt één keer en duurt ongeveer een minuut ...'
	@$(PYTHON) -m venv --clear $(DEMO)
	@$(call install,$(DEMO),$(DEMO_LOCKS))
	@touch $@

# A wheel without dependencies and without build isolation: everything it needs is pinned and already there.
$(DEMO)/.project: $(DEMO_STAMP) pyproject.toml README.md LICENSE $(SOURCES)
	@echo 'Signaalregister installeren in $(DEMO) ...'
	@$(DEMO)/bin/pip install $(PIP_FLAGS) --no-index --no-deps --no-build-isolation --force-reinstall .
	@touch $@

$(TEST_STAMP): $(TEST_LOCKS)
	$(require_python)
	@echo 'Omgeving voor de tests maken in $(TEST). Dit gebeurt één keer en duurt een paar minuten ...'
	@$(PYTHON) -m venv --clear $(TEST)
	@$(call install,$(TEST),$(TEST_LOCKS))
	@touch $@

# Editable, so that a test sees the file that was just saved; tests/test_house.py builds and runs the wheel.
$(TEST)/.project: $(TEST_STAMP) pyproject.toml README.md
	@$(TEST)/bin/pip install $(PIP_FLAGS) --no-index --no-deps --no-build-isolation --editable .
	@touch $@

$(BROWSER_STAMP): $(TEST_STAMP) $(BROWSER_LOCKS)
	@echo 'Besturing van de browser toevoegen aan $(TEST) ...'
	@$(call install,$(TEST),$(BROWSER_LOCKS))
	@touch $@

# The data in the wheel and nothing that it depends on (requirements/bench.in).
$(BENCH_STAMP): private PIP_FLAGS += --no-deps
$(BENCH_STAMP): $(TEST_STAMP) $(BENCH_LOCKS)
	@echo 'Gegevens voor de meting toevoegen aan $(TEST) ...'
	@$(call install,$(TEST),$(BENCH_LOCKS))
	@touch $@

# What our matching is compared with; its pins conflict with ours, so each stands by itself.
$(CLK_STAMP): $(CLK_LOCKS)
	$(require_python)
	@echo 'Omgeving voor de vergelijking met CLK'"'"'s maken in $(CLK) ...'
	@$(PYTHON) -m venv --clear $(CLK)
	@$(call install,$(CLK),$(CLK_LOCKS))
	@touch $@

$(NETWORK_STAMP): $(NETWORK_LOCKS)
	$(require_python)
	@echo 'Omgeving voor de vergelijking met scipy maken in $(NETWORK) ...'
	@$(PYTHON) -m venv --clear $(NETWORK)
	@$(call install,$(NETWORK),$(NETWORK_LOCKS))
	@touch $@

$(SPLINK_STAMP): $(SPLINK_LOCKS)
	$(require_python)
	@echo 'Omgeving voor de vergelijking met Splink maken in $(SPLINK) ...'
	@$(PYTHON) -m venv --clear $(SPLINK)
	@$(call install,$(SPLINK),$(SPLINK_LOCKS))
	@touch $@

$(INTEROP_STAMP): $(INTEROP_LOCKS)
	$(require_python)
	@echo 'Omgeving voor tlog-scales maken in $(INTEROP) ...'
	@$(PYTHON) -m venv --clear $(INTEROP)
	@$(call install,$(INTEROP),$(INTEROP_LOCKS))
	@touch $@

# Go without modules: the sources are Debian's (GOPATH), and nothing is fetched. Compiled as Debian compiled its standard library, or all of it would be
# compiled again: 2 seconds instead of 12.
$(LOGCHECK_STAMP): $(LOGCHECK_SOURCE)
	@test -x $(GO) && test -d $(GO_SOURCES)/src/golang.org/x/mod/sumdb || { \
		if test "$$(id -u)" -eq 0 && command -v apt-get >/dev/null; then \
			echo 'Go en de bronnen van golang.org/x/mod installeren met apt-get ...'; \
			$(call apt_get,golang-go golang-golang-x-mod-dev); \
		fi; \
		test -x $(GO) && test -d $(GO_SOURCES)/src/golang.org/x/mod/sumdb || { \
			echo 'Go ontbreekt op $(GO), of golang.org/x/mod in $(GO_SOURCES). Installeer ze (apt-get install golang-go golang-golang-x-mod-dev), of draai make test: dat heeft geen Go nodig.' >&2; \
			exit 2; \
		}; \
	}
	@echo 'Nakijker in Go compileren in $(LOGCHECK) ...'
	@rm -rf $(LOGCHECK) && mkdir -p $(LOGCHECK)
	@GO111MODULE=off GOFLAGS= GOPATH=$(GO_SOURCES) GOCACHE=$(CURDIR)/$(LOGCHECK)/cache $(GO) build -o $(LOGCHECK)/logcheck $(LOGCHECK_SOURCE)
	@touch $@

# A lock file names hashes and no registry: npm takes the one it is set to. No package runs a script while it is installed.
$(WASM_STAMP): $(WASM_LOCKS)
	@echo 'Cedar in WebAssembly installeren in $(WASM) ...'
	@$(call npm,$(WASM),$(WASM_LOCKS))
	@touch $@

$(OIDC_STAMP): $(OIDC_LOCKS)
	@echo 'Een aanmeldsysteem (OpenID Connect) installeren in $(OIDC) ...'
	@$(call npm,$(OIDC),$(OIDC_LOCKS))
	@touch $@

npm = test -x $(NPM) || { \
		if test "$$(id -u)" -eq 0 && command -v apt-get >/dev/null; then \
			echo 'Node en npm installeren met apt-get ...'; \
			$(call apt_get,nodejs npm); \
		fi; \
		test -x $(NPM) || { \
			echo 'npm ontbreekt op $(NPM). Installeer het (apt-get install nodejs npm), of draai make test: dat heeft geen Node nodig.' >&2; \
			exit 2; \
		}; \
	}; \
	rm -rf $(1) && mkdir -p $(1) && cp $(2) $(1) \
		&& cd $(1) && $(NPM) ci --omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund --silent \
		|| { echo 'Het pakket is niet geïnstalleerd. Is er verbinding met het pakketregister? Probeer het daarna opnieuw.' >&2; exit 2; }

# One at a time: apt-get does not wait for another apt-get, and fetches stand side by side.
apt_get = mkdir -p .venv && flock .venv/.apt sh -c 'apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $(1) >/dev/null'

install = $(1)/bin/pip install $(PIP_FLAGS) --require-hashes $(addprefix -r ,$(2)) \
	|| { echo 'De pakketten zijn niet geïnstalleerd. Is er verbinding met het pakketregister? Probeer het daarna opnieuw.' >&2; exit 2; }

.PHONY: chromium
chromium:
	@test -x $(CHROMIUM) && exit 0; \
	if test "$$(id -u)" -eq 0 && command -v apt-get >/dev/null; then \
		echo 'Chromium installeren met apt-get ...'; \
		$(call apt_get,chromium); \
	fi; \
	test -x $(CHROMIUM) || { \
		echo 'Chromium ontbreekt op $(CHROMIUM). Installeer het (apt-get install chromium), of draai make test: dat heeft geen browser nodig.' >&2; \
		exit 2; \
	}
