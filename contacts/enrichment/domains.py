"""What a mail domain tells: whose company it is, or that it is nobody's."""

_FREE = (
    "126.com 163.com abv.bg alice.it aol.com arcor.de att.net bigpond.com bk.ru bluewin.ch bol.com.br "
    "btinternet.com centrum.cz comcast.net daum.net fastmail.com free.fr freenet.de gmail.com gmx.at "
    "gmx.ch gmx.com gmx.de gmx.net googlemail.com hanmail.net hotmail.co.uk hotmail.com hotmail.de "
    "hotmail.fr hotmail.it hotmail.se hushmail.com icloud.com inbox.com inbox.ru interia.pl kpnmail.nl "
    "laposte.net libero.it list.ru live.co.uk live.com mac.com mail.com mail.ru mailbox.org me.com "
    "msn.com naver.com ntlworld.com o2.pl onet.pl online.no op.pl optusnet.com.au orange.fr outlook.com "
    "pm.me posteo.de proton.me protonmail.com qq.com rediffmail.com rocketmail.com rogers.com seznam.cz "
    "sfr.fr shaw.ca sina.com sky.com skynet.be t-online.de talktalk.net telefonica.net telenet.be "
    "telia.com terra.es tin.it tuta.io tutanota.com ukr.net uol.com.br verizon.net virgilio.it "
    "virginmedia.com wanadoo.fr web.de wp.pl xtra.co.nz yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com "
    "yahoo.de yahoo.es yahoo.fr yahoo.it yandex.com yandex.ru ymail.com ziggo.nl zoho.com "
)
FREE = frozenset(_FREE.split())
"""Providers of mailboxes for everybody, our own list after the providers' sign-up pages: an address there says
nothing about a company."""
