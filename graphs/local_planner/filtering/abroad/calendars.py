"""Months, days, seasons and units of time in German, French and Spanish, with the English for each."""

from __future__ import annotations

MONTHS = {
    "januar jänner janvier enero": "january",
    "februar feber février fevrier febrero": "february",
    "märz maerz mars marzo": "march",
    "avril abril": "april",
    "mai mayo": "may",
    "juni juin junio": "june",
    "juli juillet julio": "july",
    "août agosto": "august",
    "septembre septiembre setiembre": "september",
    "oktober octobre octubre": "october",
    "novembre noviembre": "november",
    "dezember décembre decembre diciembre": "december",
}
DAYS = {
    "montag lundi lunes": "monday",
    "dienstag mardi martes": "tuesday",
    "mittwoch mercredi miércoles miercoles": "wednesday",
    "donnerstag jeudi jueves": "thursday",
    "freitag vendredi viernes": "friday",
    "samstag sonnabend samedi sábado sabado": "saturday",
    "sonntag dimanche domingo": "sunday",
}
SEASONS = {
    "frühling frühjahr printemps primavera": "spring",
    "sommer été verano": "summer",
    "herbst automne otoño": "autumn",
    "winter hiver invierno": "winter",
}
UNITS = {
    "tag tage tagen jour jours día días dia dias": "day",
    "woche wochen semaine semaines semana semanas": "week",
    "wochenende wochenenden week-end weekend": "weekend",
    "monat monate monaten monats mois mes meses": "month",
    "quartal quartals trimestre trimestres": "quarter",
    "jahr jahre jahren jahres an ans année annee années año años": "year",
}
NUMBERS = {
    "einem einer un une una": "1",
    "zwei deux dos": "2",
    "drei trois tres": "3",
    "vier quatre cuatro": "4",
    "fünf cinq cinco": "5",
    "sechs six seis": "6",
    "sieben sept siete": "7",
    "acht huit ocho": "8",
    "neun neuf nueve": "9",
    "zehn dix diez": "10",
}


def words(table: dict[str, str]) -> dict[str, str]:
    """Each word of a table with the English for it."""
    return {word: english for several, english in table.items() for word in several.split()}


MONTH, DAY, SEASON, UNIT, NUMBER = map(words, (MONTHS, DAYS, SEASONS, UNITS, NUMBERS))
PERIOD = UNIT | SEASON
"""What there is a last one of."""
