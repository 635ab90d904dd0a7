import './style.css';
import { ClientType } from 'proto/IM.BaseDefine_pb';
import { timeOfDay } from 'parley/clock';

document.getElementById('time')!.textContent = `${ClientType.WEB}: ${timeOfDay(Date.now() / 1000)}`;
