"""The language that is spoken, as those need it who read and show times."""

from senter.sentences import ENGLISH as ENGLISH
from senter.sentences import speaking as speaking
from senter.sentences import spoken as spoken
