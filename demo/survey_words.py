"""What customers say when they are asked how it was, by language and score (low: 1 and 2, middle: 3, high)."""

WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "high": (
            "Quick and friendly, thank you.",
            "Solved within the hour. The instructions were very clear.",
            "The technician knew exactly what to do.",
            "Good help, as always. That is why we stay with you.",
        ),
        "middle": ("It works again, but I had to ask twice.", "Fine in the end. The waiting time was long."),
        "low": (
            "Three days without a working sensor is too long.",
            "Nobody called back. I had to find the answer myself.",
            "The invoice is still wrong.",
        ),
    },
    "de": {
        "high": (
            "Sehr schnell und freundlich, danke!",
            "Der Techniker hat sofort verstanden, worum es ging.",
            "Ersatzteil am nächsten Tag da. So soll es sein.",
        ),
        "middle": ("Gelöst, aber erst nach der zweiten Nachfrage.",),
        "low": (
            "Zu lange gewartet, der Kühlschrank stand zwei Tage.",
            "Die Rechnung stimmt immer noch nicht.",
        ),
    },
    "fr": {
        "high": ("Réponse rapide et très claire, merci.", "Un service à l'écoute, comme toujours."),
        "middle": ("Résolu, mais le délai était long.",),
        "low": ("Personne ne m'a rappelé, c'est décevant.",),
    },
    "es": {
        "high": ("Muy amables y rápidos.", "Lo resolvieron el mismo día, gracias."),
        "middle": ("Bien, aunque tuve que escribir dos veces.",),
        "low": ("El pedido llegó incompleto otra vez.",),
    },
    "pl": {
        "high": ("Szybka i rzeczowa pomoc, dziękuję.",),
        "middle": ("Działa, ale trwało to zbyt długo.",),
        "low": ("Nikt nie oddzwonił.",),
    },
    "sv": {
        "high": ("Snabb och vänlig hjälp, tack!",),
        "middle": ("Det löste sig till slut.",),
        "low": ("Larmet går fortfarande på natten.",),
    },
    "tr": {"high": ("Çok hızlı ve ilgiliydiniz, teşekkürler.",), "low": ("Üç gün bekledik.",)},
    "vi": {"high": ("Hỗ trợ nhanh và tận tình, cảm ơn.",)},
    "el": {"high": ("Γρήγορη και ευγενική εξυπηρέτηση.",), "low": ("Περίμενα πολύ.",)},
    "ru": {"high": ("Быстро и понятно, спасибо.",), "low": ("Пришлось ждать три дня.",)},
    "uk": {"high": ("Швидко й зрозуміло, дякую.",)},
    "ar": {"high": ("خدمة سريعة وودودة، شكراً لكم.",), "low": ("انتظرت وقتاً طويلاً.",)},
    "he": {"high": ("שירות מהיר ואדיב, תודה.",)},
    "ja": {"high": ("迅速で丁寧な対応でした。ありがとうございます。",), "low": ("返事が遅すぎます。",)},
    "zh": {"high": ("解决得很快，谢谢。",), "low": ("等了三天才有回复。",)},
    "ko": {"high": ("빠르고 친절하게 해결해 주셨습니다.",)},
    "hi": {"high": ("बहुत जल्दी समाधान मिला, धन्यवाद।",)},
}


def words_for(language: str, score: int) -> tuple[str, ...]:
    """What somebody of that language may say; people without words in theirs write English."""
    kind = "low" if score < 3 else "middle" if score == 3 else "high"
    return WORDS.get(language, {}).get(kind) or WORDS["en"][kind]
