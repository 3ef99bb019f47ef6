"""Whole follow-ups to a search in German, French and Spanish, said in English: "ältere", "peu importe la date"."""

from __future__ import annotations

import re

FOLLOW_UPS = tuple(
    (re.compile(rf"(?:{phrase})(?:,? (?:bitte|svp|stp|merci|porfa|por favor|danke))?[\s!.?]*", re.IGNORECASE), english)
    for phrase, english in (
        (
            r"(?:bitte )?(?:noch )?(?:ein paar )?mehr|weitere|noch welche|zeig(?:e)? (?:mir )?mehr|encore|plus|"
            r"(?:montre[sz]?(?:-m'en| m'en| moi)? )?(?:plus|davantage)|d'autres|más|muéstrame más|otras|dame más",
            "more",
        ),
        (r"mehr davon|mehr (?:wie das|solche)|plus comme ça|más como est[ao]s?", "more like this"),
        (
            r"(?:nur |lieber )?(?:die )?neuere[nrs]?|(?:les )?plus récente?s?|(?:l[ao]s )?más recientes|más nuev[ao]s",
            "newer",
        ),
        (r"(?:nur |lieber )?(?:die )?ältere[nrs]?|(?:les )?plus ancien(?:ne)?s?|(?:l[ao]s )?más antigu[ao]s", "older"),
        (
            r"nur (?:die|solche) mit (?:menschen|leuten|personen)|seulement (?:celles )?avec des (?:gens|personnes)|"
            r"solo (?:las )?con (?:gente|personas)",
            "only the ones with people",
        ),
        (
            r"(?:die |nur (?:die )?)?ohne (?:menschen|leute|personen)|(?:celles )?sans (?:personne|gens|personnes)|"
            r"(?:las )?sin (?:gente|personas|nadie)",
            "without people",
        ),
        (
            r"egal wann|(?:das )?datum (?:ist )?egal|ohne datum|(?:das )?datum weg|jederzeit|zeitraum egal|"
            r"peu importe (?:la date|quand)|n'importe quand|sans (?:la )?date|(?:enlève|oublie|retire)[sz]? la date|"
            r"sin (?:la )?fecha|cualquier fecha|(?:da igual|no importa) (?:la fecha|cuándo)|(?:quita|olvida) la fecha",
            "any date",
        ),
        (
            r"egal von wem|von (?:allen|jedem|irgendwem)|(?:peu importe de qui|de n'importe qui|de tout le monde|"
            r"de tous)|"
            r"(?:da igual de quién|de cualquiera|de todos|de quien sea)",
            "from anyone",
        ),
        (
            r"(?:in )?(?:allen|jedem) (?:kanälen|channels|kanal|channel)|kanal egal|"
            r"(?:dans )?tous les (?:canaux|channels)|peu importe le canal|"
            r"(?:en )?(?:todos los canales|cualquier canal)",
            "in any channel",
        ),
        (
            r"wie viele(?: sind es| gibt es| insgesamt)?|combien(?: y en a-t-il| il y en a| au total)?|"
            r"cuánt[ao]s(?: hay)?",
            "how many",
        ),
        (r"(?:die )?neueste[nrs]? zuerst|(?:les )?plus récente?s (?:d'abord|en premier)", "newest first"),
        (r"(?:die )?älteste[nrs]? zuerst|(?:les )?plus ancien(?:ne)?s (?:d'abord|en premier)", "oldest first"),
    )
)
RATHER = re.compile(
    r"^(?:doch |ach nein,? |eher |lieber |besser |plutôt |non,? plutôt |en fait |finalement |mejor |más bien |"
    r"no,? mejor )+(?=\S)",
    re.IGNORECASE,
)


def onwards(text: str) -> str:
    """The follow-up in English; empty for anything else."""
    said = text.strip()
    return next((english for phrase, english in FOLLOW_UPS if phrase.fullmatch(said)), "")


def without_rather(text: str) -> str:
    """The request without "lieber", "plutôt" or "mejor" before it."""
    return RATHER.sub("", text)
