"""Each wrong or insecure setting is refused with its own sentence, all at once, and no secret is ever repeated."""

import os
import re
from dataclasses import FrozenInstanceError, fields
from pathlib import Path
from types import SimpleNamespace

import pytest

from config import DOORS, LOOPBACK, Settings, WrongSettings
from environment import ROOT

PUBLIC_HOST = {"GRIEVANCE_HOST": "0.0.0.0", "GRIEVANCE_TRUSTED_HOSTS": "panel.example.org"}  # noqa: S104 - meant
SENDER = {"GRIEVANCE_MAIL_FROM": "panel@example.org"}
REMOTE = "postgresql://panel:s3cret@db.example.org/grievance"


def read(tmp_path: Path, **environ: str) -> Settings:
    return Settings.read({"DATA": str(tmp_path / "data"), **environ})


def faults(tmp_path: Path, **environ: str) -> tuple[str, ...]:
    with pytest.raises(WrongSettings) as caught:
        read(tmp_path, **environ)
    assert "s3cret" not in str(caught.value)
    return caught.value.faults


def test_an_empty_environment_is_a_safe_demonstration() -> None:
    settings = Settings.read({})
    assert settings.data == ROOT / ".data"
    assert settings.keys == ROOT / ".data" / "keys"
    assert settings.database == f"sqlite:///{ROOT}/.data/grievance.sqlite"
    assert (settings.host, settings.port, settings.trusted_hosts, settings.proxies) == ("127.0.0.1", 8000, LOOPBACK, 0)
    assert settings.doors == DOORS
    assert (settings.mail, settings.languages, settings.clock) == ("console", ("en", "km"), "embedded")
    with pytest.raises(FrozenInstanceError):
        settings.port = 1  # type: ignore[misc]


def test_a_careful_public_service_is_accepted(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        GRIEVANCE_DATABASE=f"{REMOTE}?sslmode=verify-full",
        GRIEVANCE_DOORS="intake, account",
        GRIEVANCE_PROXIES="1",
        GRIEVANCE_MAIL="smtps://panel:s3cret@mail.example.org:465",
        **SENDER,
        GRIEVANCE_HELPLINE="+855 23 555 0100",
        GRIEVANCE_SECURITY="security@example.org",
        GRIEVANCE_CLOCK="own",
        PORT="",
        **PUBLIC_HOST,
    )
    assert settings.database == "postgresql+psycopg://panel:s3cret@db.example.org/grievance?sslmode=verify-full"
    assert settings.doors == ("intake", "account")
    assert settings.trusted_hosts == ("panel.example.org",)
    assert settings.port == 8000
    assert "s3cret" not in repr(settings)


@pytest.mark.parametrize(
    "address",
    [
        "sqlite:////srv/panel/cases.sqlite",
        "postgresql://panel@/grievance?host=/run/postgresql",
        "postgresql://127.0.0.1/g",
    ],
)
def test_local_databases_are_accepted(tmp_path: Path, address: str) -> None:
    assert read(tmp_path, GRIEVANCE_DATABASE=address).database.partition(":")[0] in ("sqlite", "postgresql+psycopg")


WRONG = [
    ({"GRIEVANCE_DOORS": "intake,office,cellar"}, "names 'cellar'"),
    ({"GRIEVANCE_SECOND_STEP": "cellar=2027-01-01"}, "names 'cellar'"),
    ({"GRIEVANCE_SECOND_STEP": "office=soon"}, "is not a place and a day"),
    ({"GRIEVANCE_PORT": "80000"}, "whole number from 1 to 65535"),
    ({"PORT": "eight"}, "whole number from 1 to 65535"),
    ({"PORT": "៨០០០"}, "whole number from 1 to 65535"),
    ({"PORT": "8000", "GRIEVANCE_PORT": "8001"}, "PORT and GRIEVANCE_PORT say different things"),
    ({"GRIEVANCE_TICK": "0"}, "whole number from 1 to 3600"),
    ({"GRIEVANCE_PROXIES": "-1"}, "whole number from 0 to 5"),
    ({"GRIEVANCE_CLOCK": "off"}, "must be embedded or own"),
    ({"GRIEVANCE_HOST": "http://here", "GRIEVANCE_TRUSTED_HOSTS": "example.org"}, "must be an address to listen on"),
    ({"GRIEVANCE_HOST": "0.0.0.0"}, "TRUSTED_HOSTS must list"),  # noqa: S104 - it is what must be refused
    ({"GRIEVANCE_PROXIES": "1"}, "TRUSTED_HOSTS must list"),
    ({"GRIEVANCE_TRUSTED_HOSTS": "*"}, "TRUSTED_HOSTS holds '*'"),
    ({"GRIEVANCE_TRUSTED_HOSTS": ".example.org"}, "TRUSTED_HOSTS holds '.example.org'"),
    ({"GRIEVANCE_TRUSTED_HOSTS": "https://example.org"}, "TRUSTED_HOSTS holds"),
    ({"GRIEVANCE_DATABASE": "mysql://panel:s3cret@localhost/g"}, "must begin with sqlite:/// or"),
    ({"GRIEVANCE_DATABASE": "postgresql+psycopg2://panel:s3cret@localhost/g"}, "must begin with sqlite:/// or"),
    ({"GRIEVANCE_DATABASE": "sqlite://"}, "memory forgets every case"),
    ({"GRIEVANCE_DATABASE": "sqlite:///:memory:"}, "memory forgets every case"),
    ({"GRIEVANCE_DATABASE": f"sqlite:///{ROOT}/static/cases.sqlite"}, "among public files"),
    ({"GRIEVANCE_DATABASE": REMOTE}, "over a network in the clear"),
    ({"GRIEVANCE_DATABASE": f"{REMOTE}?sslmode=prefer"}, "over a network in the clear"),
    ({"GRIEVANCE_DATABASE": "postgresql:///g?host=db.example.org"}, "over a network in the clear"),
    ({"GRIEVANCE_DATABASE": "postgresql://localhost/g?hostaddr=192.0.2.7"}, "over a network in the clear"),
    ({"GRIEVANCE_DATABASE": "postgresql://panel:s3cret@localhost"}, "must name the database"),
    ({"GRIEVANCE_DATABASE": "postgresql://panel:s3cret@localhost:port/g"}, "not a complete address"),
    ({"GRIEVANCE_ADDRESS": "panel.example.org", **PUBLIC_HOST}, "must be like https://name"),
    ({"GRIEVANCE_ADDRESS": "https://panel.example.org/x", **PUBLIC_HOST}, "no path behind it"),
    ({"GRIEVANCE_ADDRESS": "https://a@panel.example.org", **PUBLIC_HOST}, "must be like https://name"),
    ({"GRIEVANCE_ADDRESS": "https://panel.example.org:x", **PUBLIC_HOST}, "not a complete address"),
    ({"GRIEVANCE_ADDRESS": "http://panel.example.org", **PUBLIC_HOST}, "must begin with https://"),
    ({"GRIEVANCE_ADDRESS": "https://other.example.org", **PUBLIC_HOST}, "one of the names in GRIEVANCE_TRUSTED_HOSTS"),
    ({"GRIEVANCE_MAIL": "mail.example.org", **SENDER}, "GRIEVANCE_MAIL must be console"),
    ({"GRIEVANCE_MAIL": "smtp://mail.example.org", **SENDER}, "needs a user and a password"),
    (
        {"GRIEVANCE_MAIL": "smtp://panel:s3cret@mail.example.org:x", **SENDER},
        "GRIEVANCE_MAIL is not a complete address",
    ),
    ({"GRIEVANCE_MAIL": "smtp://localhost"}, "MAIL_FROM must say"),
    ({"GRIEVANCE_MAIL_FROM": "a@example.org\nBcc: b@example.org"}, "one plain mail address"),
    ({"GRIEVANCE_LEAVE_TO": "http://www.wikipedia.org/"}, "must be the https:// address"),
    ({"GRIEVANCE_LEAVE_TO": "javascript:alert(1)"}, "must be the https:// address"),
    ({"GRIEVANCE_LEAVE_TO": "https://PANEL.example.org/x", **PUBLIC_HOST}, "must lead away from this service"),
    ({"GRIEVANCE_PROGRAMME": "<b>Panel</b>"}, "a name of up to 80"),
    ({"GRIEVANCE_HELPLINE": "call us"}, "a telephone number"),
    ({"GRIEVANCE_SECURITY": "http://example.org"}, "for whoever finds a weakness"),
    ({"GRIEVANCE_SECURITY": "a@example.org\r\nContact: b@example.org"}, "for whoever finds a weakness"),
    ({"GRIEVANCE_LANGUAGES": "en,Khmer"}, "LANGUAGES holds 'Khmer'"),
    ({"GRIEVANCE_LANGUAGES": "en,tlh"}, "has no catalogue"),
    ({"GRIEVANCE_DATA": str(ROOT / "static" / "data"), "DATA": ""}, "among public files"),
    ({"GRIEVANCE_KEYS": "static/keys"}, "among public files"),
    ({"GRIEVANCE_KEYS": "/dev/null"}, "not a folder"),
    ({"GRIEVANCE_KEYS": "/dev/null/keys"}, "cannot be reached"),
    ({"GRIEVANCE_DATABSE": "sqlite:////x"}, "did you mean GRIEVANCE_DATABASE?"),
    ({"GRIEVANCE_SWITCH_PASSWORD": "s3cret"}, "is no setting of this program"),
    ({"FLASK_DEBUG": "1"}, "turns on debugging"),
    ({"FLASK_ENV": "development"}, "turns on debugging"),
    ({"WERKZEUG_DEBUG_PIN": "off"}, "turns on debugging"),
]


# asvs: 1.2.2, 1.3.11, 12.2.1, 12.3.1, 13.2.3, 13.4.2
@pytest.mark.parametrize(("environ", "sentence"), WRONG, ids=lambda value: value if isinstance(value, str) else "")
def test_a_wrong_or_insecure_setting_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], sentence: str
) -> None:
    monkeypatch.chdir(ROOT)
    found = faults(tmp_path, **environ)
    assert len(found) == 1, found
    assert sentence in found[0]


def test_links_begin_with_the_address_that_people_type(tmp_path: Path) -> None:
    assert read(tmp_path).address == "http://localhost:8000"
    assert read(tmp_path, **PUBLIC_HOST).address == "https://panel.example.org"
    assert read(tmp_path, GRIEVANCE_ADDRESS="https://panel.example.org:8443/", **PUBLIC_HOST).address.endswith(":8443")


def test_all_faults_come_in_one_message(tmp_path: Path) -> None:
    found = faults(
        tmp_path, GRIEVANCE_PORT="0", GRIEVANCE_DOORS="roof", GRIEVANCE_LEAVE_TO="ftp://x", FLASK_DEBUG="true"
    )
    assert len(found) == 4
    with pytest.raises(WrongSettings, match="settings cannot be used") as caught:
        read(tmp_path, GRIEVANCE_PORT="0", GRIEVANCE_CLOCK="sun")
    assert str(caught.value).count("\n  - ") == 2


@pytest.mark.parametrize(("mode", "sentence"), [(0o777, "Anybody on this machine may write"), (0o700, "")])
def test_the_data_folder_is_not_for_everybody_to_write(tmp_path: Path, mode: int, sentence: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(mode)
    if sentence:
        assert sentence in faults(tmp_path)[0]
    else:
        assert read(tmp_path).data == tmp_path / "data"


@pytest.mark.parametrize("flags", [0, os.ST_RDONLY])
def test_a_disk_that_takes_nothing_is_an_outage_and_a_folder_of_somebody_else_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: int
) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_flag=flags))
    if flags:
        assert read(tmp_path).data == tmp_path / "data"
    else:
        assert "may not write" in faults(tmp_path)[0]


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("flags", [0, os.ST_RDONLY])
def test_a_database_that_root_made_is_a_fault_where_the_house_is_not_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: int, *, named: bool
) -> None:
    """Taken for an outage, each form was told to come again in a few minutes, for ever."""
    (tmp_path / "data").mkdir(mode=0o700)
    file = tmp_path / "data" / "grievance.sqlite"
    more = {"GRIEVANCE_DATABASE": f"sqlite:///{file}"} if named else {}
    assert read(tmp_path, **more).database == f"sqlite:///{file}", "one that is not there yet is made"
    file.touch()
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != file or mode == os.F_OK)
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_flag=flags))
    if flags:
        assert read(tmp_path, **more).database == f"sqlite:///{file}"
    else:
        assert faults(tmp_path, **more) == (
            f"GRIEVANCE_DATABASE is {file}, where this user may not write; run: chown {os.getuid()} {file}",
        )


@pytest.mark.parametrize(("mode", "sentence"), [(0o750, "can be reached by other users"), (0o700, "")])
def test_the_keys_are_for_nobody_else(tmp_path: Path, mode: int, sentence: str) -> None:
    (tmp_path / "data" / "keys").mkdir(parents=True)
    (tmp_path / "data").chmod(0o700)
    (tmp_path / "data" / "keys").chmod(mode)
    if sentence:
        assert sentence in faults(tmp_path)[0]
    else:
        assert read(tmp_path).keys == tmp_path / "data" / "keys"


def test_the_example_file_names_every_setting_once_and_nothing_else() -> None:
    named = re.findall(r"^#?(GRIEVANCE_[A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert sorted(named) == sorted(f"GRIEVANCE_{part.name.upper()}" for part in fields(Settings))


def test_the_example_file_states_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    stated = dict(re.findall(r"^#(GRIEVANCE_[A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    languages = stated.pop("GRIEVANCE_LANGUAGES")
    database = stated.pop("GRIEVANCE_DATABASE")
    assert Settings.read(stated) == Settings.read({})
    assert tuple(languages.split(",")) == Settings.read({}).languages
    assert database == f"sqlite:///{Path(Settings.read({}).database.removeprefix('sqlite:///')).relative_to(ROOT)}"


OIDC = """
[factory-lotus]
name = "Lotus Stitch"
issuer = "https://login.lotus.example/realm"
client_id = "grievance"
client_secret_file = "lotus.secret"

[union-one]
issuer = "http://127.0.0.1:9000"
client_id = "grievance"
client_secret = "s3cret"
"""


def told(tmp_path: Path, text: str, mode: int = 0o600) -> dict[str, str]:
    """A file of providers, and a secret beside it."""
    for name, held in (("oidc.toml", text), ("lotus.secret", "s3cret\n"), ("open.secret", "s3cret\n")):
        (tmp_path / name).write_text(held)
        (tmp_path / name).chmod(0o644 if name == "open.secret" else mode)
    return {"GRIEVANCE_OIDC": str(tmp_path / "oidc.toml")}


def test_organisations_with_a_provider_are_read(tmp_path: Path) -> None:
    assert read(tmp_path).oidc == {}
    found = read(tmp_path, **told(tmp_path, OIDC))
    lotus, union = found.oidc["factory-lotus"], found.oidc["union-one"]
    assert (lotus.name, lotus.issuer, lotus.client_id) == (
        "Lotus Stitch",
        "https://login.lotus.example/realm",
        "grievance",
    )
    assert lotus.client_secret == union.client_secret == "s3cret"
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (OIDC.replace("https://login", "http://login"), "[factory-lotus]: issuer must be https://"),
        (OIDC.replace("https://login.lotus.example/realm", "https://login.lotus.example:x"), "not a complete address"),
        (OIDC.replace("/realm", "/realm?a=s3cret"), "without ? and #"),
        (OIDC.replace("https://login.lotus.example/realm", "http://127.0.0.1:9000"), "twice"),
        (OIDC.replace('client_secret = "s3cret"', ""), "[union-one]: name either client_secret_file or client_secret"),
        (f'{OIDC}client_secret_file = "lotus.secret"', "name either client_secret_file or client_secret"),
        (OIDC.replace("lotus.secret", "missing.secret"), "cannot be read"),
        (OIDC.replace("lotus.secret", "open.secret"), "which other users can reach"),
        (OIDC.replace('client_secret = "s3cret"', 'client_secret = "s3cret\\n s3cret"'), "one line of plain signs"),
        (OIDC.replace('client_id = "grievance"', ""), "client_id must say"),
        (OIDC.replace("Lotus Stitch", "<b>"), "name must be up to 80"),
        (f"{OIDC}scope = 's3cret'", "scope is no setting"),
        (f'secret = "s3cret"\n{OIDC}', "'secret' is no table of an organisation"),
        (f"{OIDC}s3cret", "is no TOML"),
    ],
)
def test_a_wrong_or_open_file_of_providers_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    assert any(sentence in fault for fault in faults(tmp_path, **told(tmp_path, text)))


def test_a_file_of_providers_that_others_can_read_is_refused_with_all_else(tmp_path: Path) -> None:
    found = faults(tmp_path, GRIEVANCE_TICK="0", **told(tmp_path, OIDC, 0o640))
    assert len([fault for fault in found if "chmod 600" in fault]) == 2
    assert any("GRIEVANCE_TICK" in fault for fault in found)
