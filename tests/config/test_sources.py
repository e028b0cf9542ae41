"""A configuration is a path, a text or a mapping, and includes other files as LiteLLM does."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from llmcost import ConfigError, ConfigWarning

ONE = "model_list: [{model_name: %s, litellm_params: {model: openai/gpt-4o, input_cost_per_token: %s}}]\n"


@pytest.fixture
def files(tmp_path):
    """Return a function that writes files and returns the folder."""

    def write(**texts):
        for name, text in texts.items():
            path = tmp_path / name.replace("__", "/").replace("_yaml", ".yaml")
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path

    return write


def names(prices):
    return [deployment.alias for deployment in prices.deployments]


def test_path_text_and_mapping_are_the_same(bundled, files):
    """All three give the same deployment; a path may be text or a path object."""
    path = files(config_yaml=ONE % ("m", "1e-6")) / "config.yaml"
    mapping = {
        "model_list": [{"model_name": "m", "litellm_params": {"model": "openai/gpt-4o", "input_cost_per_token": 1e-6}}]
    }
    for config in (path, str(path), ONE % ("m", "1e-6"), mapping):
        assert str(bundled.with_config(config).calculate(usage={"input": 1000}, model="m")) == "0.001"


def test_a_byte_order_mark_and_crlf(bundled, files):
    """As Windows editors save it; lines are counted the same."""
    text = b"\xef\xbb\xbfmodel_list:\r\n- model_name: m\r\n  litellm_params: {model: x, input_cost_per_token: no}\r\n"
    with pytest.raises(ConfigError, match=r"^config.yaml:3: model_list\[0\]"):
        bundled.with_config(files(config_yaml=text) / "config.yaml")


@pytest.mark.parametrize("text", ["", "# nothing\n", "{}\n", "model_list:\n"])
def test_an_empty_configuration(bundled, files, text):
    """It has no deployments and changes nothing."""
    assert names(bundled.with_config(files(config_yaml=text) / "config.yaml")) == []


@pytest.mark.parametrize(
    ("config", "why"),
    [
        ("does-not-exist.yaml", "does-not-exist.yaml: it cannot be read: "),
        (".", "cannot be read: "),
        (3, "expected the path of a YAML file, its text, or a mapping, got int"),
        (None, "got NoneType"),
        ("a\0b", "not YAML"),
        ([], "got list"),
    ],
)
def test_what_is_no_configuration(bundled, config, why):
    """One ConfigError that says what was expected."""
    with pytest.raises(ConfigError, match=why):
        bundled.with_config(config)


def test_not_utf8(bundled, files):
    """The line is told, and what to do."""
    with pytest.raises(ConfigError, match=r"config\.yaml:2: no UTF-8 text; save the file as UTF-8"):
        bundled.with_config(files(config_yaml=b"a: 1\nb: \xff\n") / "config.yaml")


def test_included_deployments_are_added(bundled, files):
    """Lists are extended in the order of the includes, nested ones last; a file is read once."""
    folder = files(
        config_yaml="include: [a.yaml, sub/b.yaml, a.yaml]\n" + ONE % ("main", "1e-6"),
        a_yaml="include: [config.yaml]\n" + ONE % ("a", "2e-6"),
        sub__b_yaml="include: [c.yaml]\n" + ONE % ("b", "3e-6"),
        sub__c_yaml=ONE % ("c", "4e-6"),
    )
    prices = bundled.with_config(folder / "config.yaml")

    assert names(prices) == ["main", "a", "b", "c"]
    assert [d.place for d in prices.deployments] == ["config.yaml:2", "a.yaml:2", "sub/b.yaml:2", "sub/c.yaml:1"]
    assert str(prices.calculate(usage={"input": 1000}, model="c")) == "0.004"


def test_an_include_beside_the_main_file(bundled, files):
    """A nested include may lie beside the main file, as LiteLLM allows."""
    folder = files(config_yaml="include: [sub/a.yaml]", sub__a_yaml="include: [b.yaml]", b_yaml=ONE % ("b", "1e-6"))

    assert names(bundled.with_config(folder / "config.yaml")) == ["b"]


def test_problems_of_an_include_have_its_name(bundled, files):
    """Each problem stands in the file where it is; a missing file at the line that asks for it."""
    folder = files(config_yaml="include:\n  - a.yaml\n  - nope.yaml\n", a_yaml="\n\n" + ONE % ("a", "-1"))
    with pytest.raises(ConfigError) as caught:
        bundled.with_config(folder / "config.yaml")

    problems = caught.value.problems
    assert problems[0].startswith("config.yaml:3: include: nope.yaml cannot be read: ")
    assert problems[1].startswith("a.yaml:3: model_list[0].litellm_params.input_cost_per_token = -1")


@pytest.mark.parametrize("include", ["{a: b}", "3", "[[x]]", "[3]"])
def test_an_include_is_a_path(bundled, include):
    """Anything else is an error at its line."""
    with pytest.raises(ConfigError, match=r"<text>:1: include\[0\]: the path of a YAML file is expected"):
        bundled.with_config(f"include: {include}\n")


def test_settings_of_an_include_replace_the_main_files(bundled, files, chat):
    """LiteLLM merges lists only; a discount that is lost by that is told."""
    folder = files(
        config_yaml="include: [a.yaml]\nlitellm_settings: {cost_discount_config: {openai: 0.5}}\n",
        a_yaml="litellm_settings: {cost_margin_config: {openai: 0.1}}\n",
    )
    with pytest.warns(ConfigWarning, match=r"^config.yaml:2: .*never used: the litellm_settings of an included file"):
        prices = bundled.with_config(folder / "config.yaml")

    assert str(prices.calculate(chat())) == "0.00825"


def test_a_second_configuration_takes_the_place_of_the_first(bundled):
    """``with_config`` of a map that has one: the new deployments, over the same prices."""
    first = bundled.with_config(ONE % ("a", "1e-6"))
    second = first.with_config(ONE % ("b", "2e-6"))

    assert (names(first), names(second)) == (["a"], ["b"])


def test_registered_prices_are_shared_until_then(chat):
    """A map knows what was registered before it was made, under its own deployments, and nothing of later."""
    from llmcost import CostMap

    base = CostMap({})
    base.register({"openai/gpt-4o": {"input_cost_per_token": 1e-6, "output_cost_per_token": 0}})
    prices = base.with_config("model_list: [{model_name: m, litellm_params: {model: openai/gpt-4o}}]")
    base.register({"openai/gpt-4o": {"input_cost_per_token": 9e-6}})

    assert str(prices.calculate(chat(), model="m")) == "0.001"
    assert str(base.calculate(chat(), model="openai/gpt-4o")) == "0.009"


@pytest.mark.skipif(not Path("/dev/fd").is_dir(), reason="the system names no open files")
def test_a_pipe():
    """What a program decrypts is handed over by a pipe, and lies in no file: ``--config <(sops --decrypt ...)``."""
    from llmcost import CostMap

    out, into = os.pipe()
    os.write(into, (ONE % ("a", "1e-6")).encode())
    os.close(into)
    try:
        prices = CostMap({}).with_config(f"/dev/fd/{out}")
    finally:
        os.close(out)

    assert names(prices) == ["a"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_that_nobody_writes(tmp_path):
    """It is an error at once, and no empty configuration."""
    from llmcost import CostMap

    pipe = tmp_path / "config.yaml"
    os.mkfifo(pipe)
    with pytest.raises(ConfigError, match=r"config\.yaml: it cannot be read: nobody writes to this pipe"):
        CostMap({}).with_config(pipe)
