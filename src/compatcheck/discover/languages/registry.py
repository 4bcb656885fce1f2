"""Lists the languages that can be read."""

from __future__ import annotations

from compatcheck.discover.languages.cpp import CPP
from compatcheck.discover.languages.csharp import CSHARP
from compatcheck.discover.languages.elixir import ELIXIR
from compatcheck.discover.languages.go import GO
from compatcheck.discover.languages.java import JAVA
from compatcheck.discover.languages.javascript import JAVASCRIPT, TYPESCRIPT
from compatcheck.discover.languages.kotlin import KOTLIN
from compatcheck.discover.languages.python import PYTHON
from compatcheck.discover.languages.rust import RUST

LANGUAGES = (GO, JAVA, KOTLIN, PYTHON, JAVASCRIPT, TYPESCRIPT, CSHARP, CPP, ELIXIR, RUST)
